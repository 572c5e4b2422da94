"""The words for what the orderer's policy does not allow."""

from collections.abc import Mapping

from grpc import StatusCode

from tashika_server.domain.reasons import Reason
from tashika_server.transport.sentences.entries import Entry, Who

_PAPER_JA = "紙の証書でお申し込みください。取扱いの詳細は、発注者の担当課にお問い合わせください。"
_PAPER_EN = "Apply for the paper form, or ask the orderer's section."


def _policy(
    ja: str, en: str, next_ja: str, next_en: str, who: tuple[Who, ...] = (Who.CONTRACTOR, Who.ORDERER)
) -> Entry:
    return Entry(StatusCode.FAILED_PRECONDITION, ja, en, next_ja, next_en, who)


POLICY: Mapping[Reason, Entry] = {
    Reason.ELECTRONIC_NOT_ACCEPTED: _policy(
        "この発注者は、電子保証を取り扱っていません。",
        "This orderer does not accept electronic guarantees.",
        _PAPER_JA,
        _PAPER_EN,
    ),
    Reason.ELECTRONIC_PRODUCT_NOT_ACCEPTED: _policy(
        "この発注者は、[{product:choice}|この保証]の電子保証を取り扱っていません。",
        "This orderer does not accept [{product:choice}|this product] in electronic form.",
        _PAPER_JA,
        _PAPER_EN,
    ),
    Reason.ELECTRONIC_WORKS_KIND_NOT_ACCEPTED: _policy(
        "この発注者は、[{works_kind:choice}|この種別の契約]の電子保証を取り扱っていません。",
        "This orderer does not accept the electronic form for [{works_kind:choice}|this kind of works].",
        _PAPER_JA,
        _PAPER_EN,
    ),
    Reason.ELECTRONIC_GUARANTOR_KIND_NOT_ACCEPTED: _policy(
        "この発注者は、[{guarantor_kind:choice}|この種類の保証者]による電子保証を取り扱っていません。",
        "This orderer does not accept the electronic form from "
        "[{guarantor_kind:choice}|this kind of guarantor].",
        _PAPER_JA,
        _PAPER_EN,
    ),
    Reason.ELECTRONIC_NOT_YET_ACCEPTED: _policy(
        "[{date_field:label}（{date:day}）|基準となる日]が、この発注者の電子保証の取扱開始日[（{since:day}）]より前です。",
        "The [{date_field:label} ({date:day})|day that decides] is before this orderer "
        "began to accept electronic guarantees[ ({since:day})].",
        _PAPER_JA,
        _PAPER_EN,
    ),
    Reason.ELECTRONIC_BASIS_DATE_UNKNOWN: _policy(
        "電子保証を利用できるかどうかを判断する日（{field}）が入力されていません。",
        "The date that decides whether the electronic form is accepted is missing ({field}).",
        "その日付を入力してください。",
        "Enter that date.",
        (Who.CONTRACTOR,),
    ),
    Reason.PREPAYMENT_NOT_OFFERED: _policy(
        "この発注者は、[{works_kind:choice}|この種別の契約]に前払金を設けていません。",
        "This orderer pays no advance for [{works_kind:choice}|this kind of works].",
        "種別を確かめてください。前払金の有無は、発注者の担当課にお問い合わせください。",
        "Check the kind of works, or ask the orderer's section.",
    ),
    Reason.PREPAYMENT_PRICE_BELOW_THRESHOLD: _policy(
        "請負代金額が、前払金の対象となる額[（{threshold_yen:yen}以上）]に達していません。",
        "The contract price is below the orderer's threshold for an advance[ ({threshold_yen:yen})].",
        "請負代金額を確かめてください。前払金の条件は、発注者の担当課にお問い合わせください。",
        "Check the contract price, or ask the orderer's section.",
    ),
    Reason.PREPAYMENT_PERIOD_TOO_SHORT: _policy(
        "工期が、前払金の対象となる日数[（{minimum_days:number}日以上）]に達していません。",
        "The works period is shorter than the orderer asks for an advance[ ({minimum_days:number} days)].",
        "工期を確かめてください。前払金の条件は、発注者の担当課にお問い合わせください。",
        "Check the works period, or ask the orderer's section.",
    ),
    Reason.PREPAYMENT_ABOVE_MAXIMUM: _policy(
        "前払金の額が、この発注者の上限[（{maximum_yen:yen}）]を超えています。",
        "The advance is above the orderer's maximum[ ({maximum_yen:yen})].",
        "上限以内の額にしてください。",
        "Ask for an amount within the maximum.",
        (Who.CONTRACTOR,),
    ),
    Reason.PREPAYMENT_NOT_ROUNDED: _policy(
        "前払金の額に端数があります[（{round_down_to_yen:yen}単位）]。",
        "The advance is not a multiple of the orderer's unit[ ({round_down_to_yen:yen})].",
        "端数を切り捨てた額にしてください。",
        "Round the amount down to the unit.",
        (Who.CONTRACTOR,),
    ),
    Reason.PERFORMANCE_BELOW_MINIMUM: _policy(
        "契約保証の保証金額が、この発注者の最低額[（{minimum_yen:yen}）]に達していません。",
        "The guaranteed amount is below the orderer's minimum[ ({minimum_yen:yen})].",
        "最低額以上の保証金額にしてください。",
        "Ask for at least the minimum.",
        (Who.CONTRACTOR,),
    ),
    Reason.PERFORMANCE_ABOVE_PRICE: _policy(
        "契約保証の保証金額が、請負代金額[（{maximum_yen:yen}）]を超えています。",
        "The guaranteed amount is above the contract price[ ({maximum_yen:yen})].",
        "保証金額と請負代金額を確かめてください。",
        "Check the guaranteed amount and the contract price.",
        (Who.CONTRACTOR,),
    ),
    Reason.PERFORMANCE_WITHOUT_PREPAYMENT: _policy(
        "保証会社の契約保証は、前払金を請求する予定がある場合に限り、お申し込みいただけます。",
        "A guarantee company gives a contract guarantee only where an advance is planned.",
        "前払金の予定を入力するか、別の方法による契約保証をご検討ください。",
        "Say that an advance is planned, or give the city another kind of security.",
        (Who.CONTRACTOR,),
    ),
    Reason.PRODUCT_NOT_OFFERED: _policy(
        "[{product:choice}|この保証]は、このシステムまたは保証会社では取り扱っていません。",
        "[{product:choice}|This product] is not offered by this register or this guarantor.",
        "別の保証を選ぶか、保証会社にお問い合わせください。",
        "Choose another product, or ask the guarantor.",
        (Who.CONTRACTOR, Who.GUARANTOR),
    ),
    Reason.POLICY_INVALID: Entry(
        StatusCode.INVALID_ARGUMENT,
        "発注者の取扱い（ポリシー）の記述が正しくありません[（{path}：{problem:choice}）|（{problem:choice}）|（{path}）]。",
        "The orderer's policy is not in the right form[ ({path}: {problem:choice})| ({problem:choice})| ({path})].",
        "示された箇所を、ポリシーファイルの形式に合わせて直してください。",
        "Correct that place as the schema of policy files says.",
        (Who.OPERATOR, Who.ORDERER),
    ),
    Reason.POLICY_NOT_VALID_YET: _policy(
        "基準となる日には、この発注者の取扱い（ポリシー）がまだ適用されていません[（{valid_from:day}から適用）]。",
        "No policy of this orderer is valid on the day that decides[ (the first is from {valid_from:day})].",
        "日付を確かめてください。取扱いの登録は運営者にお問い合わせください。",
        "Check the dates, or ask the operator to enter the policy.",
        (Who.CONTRACTOR, Who.OPERATOR),
    ),
}
