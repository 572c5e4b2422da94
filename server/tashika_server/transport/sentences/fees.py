"""The words for tariffs, fees, receipts and requests for the advance."""

from collections.abc import Mapping

from grpc import StatusCode

from tashika_server.domain.reasons import Reason
from tashika_server.transport.sentences.entries import Entry, Who


def _blocked(ja: str, en: str, next_ja: str, next_en: str, *who: Who) -> Entry:
    return Entry(StatusCode.FAILED_PRECONDITION, ja, en, next_ja, next_en, who)


def _table(ja: str, en: str, next_ja: str, next_en: str) -> Entry:
    return Entry(StatusCode.INVALID_ARGUMENT, ja, en, next_ja, next_en, (Who.APPROVER,))


FEES: Mapping[Reason, Entry] = {
    Reason.TARIFF_BANDS_OVERLAP: _table(
        "料率表[（{product:choice}）]の区分が重なっています[（{reached_yen:yen}以下はほかの区分にあります）]。",
        "Bands of the tariff[ ({product:choice})] overlap[ (another one holds amounts up to {reached_yen:yen})].",
        "区分の下限を、前の区分の上限と同じ額にしてください。",
        "Let each band begin where the one before it ends.",
    ),
    Reason.TARIFF_BANDS_GAP: _table(
        "料率表[（{product:choice}）]に、どの区分にも入らない金額があります"
        "[（{over_yen:yen}を超え{up_to_yen:yen}以下）|（{over_yen:yen}を超えるもの）|（{up_to_yen:yen}以下）]。",
        "No band of the tariff[ ({product:choice})] holds some amounts"
        "[ (above {over_yen:yen} up to {up_to_yen:yen})| (above {over_yen:yen})| (up to {up_to_yen:yen})].",
        "最初の区分は0円から、最後の区分は上限なしとし、間を空けずに並べてください。",
        "Let the first band begin at 0 yen, the last have no end, and leave nothing between two bands.",
    ),
    Reason.TARIFF_NOT_IN_ORDER: _blocked(
        "これより後[（{latest:day}）]から適用する料率表が、すでに登録されています。",
        "A tariff that is valid from a later day[ ({latest:day})] is set already.",
        "[{latest:day}以降|その日以降]の適用開始日にしてください。同じ日にすると、その料率表を差し替えます。",
        "Choose [{latest:day}|that day] or a later one; the same day replaces that tariff.",
        Who.APPROVER,
    ),
    Reason.TARIFF_RETROACTIVE: _blocked(
        "料率表を、すでに保証料を告げた日にさかのぼって適用することはできません。",
        "A tariff can't be valid from a day on which fees were told by another one already.",
        "[{earliest:day}以降|明日以降]の適用開始日にしてください。",
        "Choose [{earliest:day}|tomorrow] or a later day.",
        Who.APPROVER,
    ),
    Reason.FEE_DIFFERS_FROM_TARIFF: _blocked(
        "保証料が、料率表による額[（{proposed_yen:yen}）]と異なります。",
        "The fee is not the one that the tariff gives[ ({proposed_yen:yen})].",
        "料率表による額にするか、異なる理由を記載してください。",
        "Take the tariff's fee, or say why it is another one.",
        Who.UNDERWRITER,
    ),
    Reason.FEE_NOT_TOLD: _blocked(
        "保証料は、まだ決まっていません。",
        "The fee is not told yet.",
        "申込みが承諾されてから、もう一度行ってください。",
        "Try again once the application is accepted.",
        Who.GUARANTOR,
    ),
    Reason.RECEIPT_WITHOUT_PAYMENT: _blocked(
        "領収した保証料がないため、領収証の送付を記録できません。",
        "No fee was received that a receipt could be for.",
        "入金を記録してから、もう一度行ってください。",
        "Record the payment first.",
        Who.GUARANTOR,
    ),
    Reason.RECEIPT_ALREADY_SENT: _blocked(
        "領収証の送付は、すでに記録されています[（{sent_on:day}）]。",
        "That the receipt was sent is recorded already[ ({sent_on:day})].",
        "記録を確かめてください。領収証を送るのは一度だけです。",
        "Look at the record; a receipt is sent once.",
        Who.GUARANTOR,
    ),
    Reason.NOT_MONTHLY_PAYER: _blocked(
        "この受注者と保証会社の間には、保証料を一括納付する取決めがありません。",
        "This contractor and this guarantor have not agreed on monthly payment.",
        "保証契約ごとの保証料計算書をご覧ください。一括納付は、保証会社の承認者が登録します。",
        "Look at each contract's fee sheet. Monthly payment is set by the guarantor's approver.",
        Who.APPROVER,
    ),
    Reason.ADVANCE_NOT_FOR_PRODUCT: _blocked(
        "[{product:choice}|この保証]では、前払金の請求はできません。",
        "No advance is paid under [{product:choice}|this product].",
        "前払金保証の契約を選んでください。",
        "Choose a prepayment guarantee.",
        Who.CONTRACTOR,
    ),
    Reason.ADVANCE_ALREADY_REQUESTED: _blocked(
        "この保証による前払金は、すでに請求されています[（{requested_on:day}提出）]。",
        "The advance under this guarantee was asked for already[ (on {requested_on:day})].",
        "控えは取得できます。発注者から返却されたときは、先の請求を取り下げてから、請求し直してください。",
        "A copy can be had. If the orderer gave it back, withdraw it first, then ask anew.",
        Who.CONTRACTOR,
    ),
    Reason.ADVANCE_NOT_REQUESTED: _blocked(
        "提出を記録した前払金の請求はありません。",
        "There is no request for the advance that was handed in.",
        "請求書を提出し、提出を記録してから、もう一度行ってください。",
        "Hand the request in and record that first.",
        Who.CONTRACTOR,
    ),
}
