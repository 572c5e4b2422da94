"""Refusals as a register words them, for a simulation of one."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tashika_tui.client.errors import (
    SESSION_OVER,
    FieldProblem,
    RefusedByServer,
    ServerNotReachable,
    SessionExpired,
)
from tashika_tui.client.records import Finding


@dataclass(frozen=True, slots=True)
class Violation:
    """One cause, at a field (empty: at none), with what its sentence quotes."""

    reason: str
    field: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """Raised within the simulation; the first violation gives the reason."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__(violations[0].reason)
        self.violations = violations


def refuse(reason: str, field: str = "", **params: object) -> Refused:
    """A refusal for one cause."""
    return Refused(Violation(reason, field, params))


def refuse_all(violations: list[Violation]) -> None:
    """Raises Refused if there is any violation."""
    if violations:
        raise Refused(*violations)


def error_of(refused: Refused, language: str) -> RefusedByServer:
    """The error that a client of a real register would see."""
    first = refused.violations[0]
    fields = refused.violations if len(refused.violations) > 1 or first.field else ()
    code = _CODES.get(first.reason, "INVALID_ARGUMENT")
    kind: type[RefusedByServer] = RefusedByServer
    if code in ("UNAVAILABLE", "DEADLINE_EXCEEDED"):
        kind = ServerNotReachable
    elif first.reason in SESSION_OVER:
        kind = SessionExpired
    return kind(
        code=code,
        reason=first.reason,
        sentence=sentence(first, language),
        next_steps=(_next_step(first.reason, language),),
        reference=str(first.params.get("reference", "")),
        fields=tuple(FieldProblem(each.field, each.reason, sentence(each, language)) for each in fields),
        retry_after_seconds=_RETRY_SECONDS.get(first.reason, 0),
        params={name: str(value) for name, value in first.params.items() if name != "reference"},
    )


def finding(violation: Violation, language: str) -> Finding:
    """A violation or caution as a quote lists it."""
    params = tuple(sorted((name, str(value)) for name, value in violation.params.items()))
    return Finding(violation.reason, violation.field, sentence(violation, language), params)


def sentence(violation: Violation, language: str) -> str:
    """What is wrong, in words."""
    japanese, english = _WORDS.get(violation.reason, _OTHER)[:2]
    params = {
        name: f"{value:,}" if isinstance(value, int) else str(value)
        for name, value in violation.params.items()
    }
    text = japanese if language == "ja" else english
    return text.format_map(_Quoted(params))


class _Quoted(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def _next_step(reason: str, language: str) -> str:
    words = _WORDS.get(reason, _OTHER)
    return words[2] if language == "ja" else words[3]


_RETRY_SECONDS = {"TOO_MANY_ATTEMPTS": 60, "SERVER_BUSY": 1, "STORE_UNAVAILABLE": 5, "SHUTTING_DOWN": 5}

_REASONS_BY_CODE = {
    "INTERNAL": "INTERNAL",
    "RESOURCE_EXHAUSTED": "SERVER_BUSY TOO_MANY_ATTEMPTS",
    "UNAVAILABLE": "SHUTTING_DOWN STORE_UNAVAILABLE OUTCOME_UNKNOWN RENDERING_UNAVAILABLE",
    "DEADLINE_EXCEEDED": "DEADLINE_EXCEEDED",
    "UNAUTHENTICATED": "UNAUTHENTICATED SESSION_EXPIRED WRONG_CREDENTIALS VIEWING_TOKEN_INVALID",
    "FAILED_PRECONDITION": (
        "PASSWORD_CHANGE_REQUIRED WRONG_STATE ELECTRONIC_NOT_ACCEPTED ELECTRONIC_PRODUCT_NOT_ACCEPTED "
        "ELECTRONIC_WORKS_KIND_NOT_ACCEPTED PREPAYMENT_NOT_OFFERED PREPAYMENT_PRICE_BELOW_THRESHOLD "
        "PREPAYMENT_PERIOD_TOO_SHORT PREPAYMENT_ABOVE_MAXIMUM PREPAYMENT_NOT_ROUNDED "
        "PERFORMANCE_BELOW_MINIMUM PERFORMANCE_ABOVE_PRICE PERFORMANCE_WITHOUT_PREPAYMENT "
        "PRODUCT_NOT_OFFERED GUARANTEE_EXISTS GUARANTEE_PERIOD_TOO_SHORT FORM_MIXED TERMS_CHANGED_TOO_FAR "
        "APPROVAL_BY_SAME_PERSON FEE_NOT_RECEIVED PAYMENT_LAPSED SIGNER_MISSING NOT_ISSUED NO_KEY_FOR_PAPER "
        "REISSUE_BY_GUARANTOR REISSUE_BY_CONTRACTOR NOT_HANDED_IN KEY_NOT_REISSUED "
        "TARIFF_RETROACTIVE TARIFF_NOT_IN_ORDER FEE_DIFFERS_FROM_TARIFF FEE_NOT_TOLD RECEIPT_ALREADY_SENT "
        "RECEIPT_WITHOUT_PAYMENT NOT_MONTHLY_PAYER ADVANCE_NOT_FOR_PRODUCT ADVANCE_ALREADY_REQUESTED "
        "ADVANCE_NOT_REQUESTED "
        "HAND_IN_NOT_BY_MAIL MAIL_NOT_AVAILABLE"
    ),
    "PERMISSION_DENIED": "PERMISSION_DENIED WRONG_NUMBER_OR_KEY",
    "NOT_FOUND": "NOT_FOUND",
    "ALREADY_EXISTS": "ALREADY_EXISTS",
    "ABORTED": "ETAG_MISMATCH ISSUE_OVERTAKEN MAIL_CHANGED",
}
_CODES = {reason: code for code, reasons in _REASONS_BY_CODE.items() for reason in reasons.split()}

_Words = tuple[str, str, str, str]

_OTHER: _Words = (
    "受け付けられませんでした。",
    "This was not accepted.",
    "内容を確かめてください。（対応できる方：操作しているご本人）",
    "Check what was entered. (Who can do it: you.)",
)
_ENTER: tuple[str, str] = (
    "入力してから、もう一度行ってください。（対応できる方：操作しているご本人）",
    "Fill it in and try again. (Who can do it: you.)",
)
_AMOUNT: tuple[str, str] = (
    "金額を直してください。（対応できる方：受注者）",
    "Correct the amount. (Who can do it: the contractor.)",
)

_WORDS: Mapping[str, _Words] = {
    "FIELD_REQUIRED": ("入力されていません。", "This is not filled in.", *_ENTER),
    "FIELD_FORMAT": ("正しい形で入力されていません。", "This is not in its form.", *_ENTER),
    "CHOICE_UNKNOWN": ("選べない値です。", "This can't be chosen.", *_ENTER),
    "PERFORMANCE_BELOW_MINIMUM": (
        "契約保証の金額が最低額（{minimum_yen}円）に達していません。",
        "The contract guarantee is below the minimum ({minimum_yen} yen).",
        *_AMOUNT,
    ),
    "PERFORMANCE_ABOVE_PRICE": (
        "契約保証の金額が請負金額（{maximum_yen}円）を超えています。",
        "The contract guarantee is above the contract price ({maximum_yen} yen).",
        *_AMOUNT,
    ),
    "PREPAYMENT_ABOVE_MAXIMUM": (
        "前払金が上限（{maximum_yen}円）を超えています。",
        "The advance is above the maximum ({maximum_yen} yen).",
        *_AMOUNT,
    ),
    "PREPAYMENT_NOT_ROUNDED": (
        "前払金が{round_down_to_yen}円単位になっていません。",
        "The advance is not a multiple of {round_down_to_yen} yen.",
        *_AMOUNT,
    ),
    "PERFORMANCE_WITHOUT_PREPAYMENT": (
        "契約保証は、前払金を請求する予定がある場合に限られます。",
        "A contract guarantee is given only where an advance is planned.",
        *_ENTER,
    ),
    "ELECTRONIC_NOT_ACCEPTED": (
        "この発注者は電子保証を取り扱っていません。",
        "This orderer takes no electronic guarantees.",
        "紙の証書でお申し込みください。（対応できる方：受注者）",
        "Apply for the paper form. (Who can do it: the contractor.)",
    ),
    "ETAG_MISMATCH": (
        "開いている間に、ほかの方が内容を変更しました。何も変更していません。",
        "Somebody changed this meanwhile. Nothing was changed.",
        "最新の内容を読み直してください。（対応できる方：操作しているご本人）",
        "Read it again, and decide again. (Who can do it: you.)",
    ),
    "WRONG_STATE": (
        "今の状態では、この操作を行えません。",
        "This can't be done in the present state.",
        "最新の状態を確かめてください。（対応できる方：操作しているご本人）",
        "Look at the present state. (Who can do it: you.)",
    ),
    "NOT_FOUND": (
        "見つかりません。",
        "There is no such thing.",
        "番号を確かめてください。（対応できる方：操作しているご本人）",
        "Check the number. (Who can do it: you.)",
    ),
    "SESSION_EXPIRED": (
        "ログインの有効期限が切れました。",
        "The session is over.",
        "もう一度ログインしてください。（対応できる方：操作しているご本人）",
        "Sign in again. (Who can do it: you.)",
    ),
    "UNAUTHENTICATED": (
        "ログインしていません。",
        "Nobody is signed in.",
        "ログインしてください。（対応できる方：操作しているご本人）",
        "Sign in. (Who can do it: you.)",
    ),
    "WRONG_CREDENTIALS": (
        "ログイン名またはパスワードが違います。",
        "Login name or password is wrong.",
        "確かめて、入力し直してください。（対応できる方：操作しているご本人）",
        "Check them and type them again. (Who can do it: you.)",
    ),
    "ALREADY_EXISTS": (
        "すでに登録されています。",
        "This exists already.",
        "登録済みのものを使ってください。（対応できる方：操作しているご本人）",
        "Use the existing one. (Who can do it: you.)",
    ),
    "SSH_KEY_UNSUITABLE": (
        "この公開鍵は登録できません。",
        "This public key can't be registered.",
        "公開鍵のファイルの1行を、そのまま貼り付けてください。（対応できる方：操作しているご本人）",
        "Paste the one line of the public key's file. (Who can do it: you.)",
    ),
    "NUMBER_TYPING_ERROR": (
        "保証契約番号に打ち間違いがあります。",
        "The guarantee contract number has a typing error.",
        "お知らせの14桁の番号と見比べてください。（対応できる方：操作しているご本人）",
        "Compare it with the 14 digits of the notice. (Who can do it: you.)",
    ),
    "KEY_TYPING_ERROR": (
        "認証キーに打ち間違いがあります。",
        "The authentication key has a typing error.",
        "お知らせの20文字のキーと見比べてください。（対応できる方：操作しているご本人）",
        "Compare it with the 20 characters of the notice. (Who can do it: you.)",
    ),
    "WRONG_NUMBER_OR_KEY": (
        "この番号とキーの組では開けません。",
        "This number and key do not open a certificate.",
        "同じお知らせの番号とキーか確かめてください。（対応できる方：操作しているご本人、受注者）",
        "Check that both are from the same notice. (Who can do it: you or the contractor.)",
    ),
    "FEE_NOT_RECEIVED": (
        "保証料が納められていません（残り {balance_yen}円）。",
        "The guarantee fee is not paid ({balance_yen} yen are owed).",
        "入金を記録してから発行してください。（対応できる方：保証会社）",
        "Record the payment, then issue. (Who can do it: the guarantor.)",
    ),
    "APPROVAL_BY_SAME_PERSON": (
        "審査した方は承認できません。",
        "Whoever accepted it can't approve it.",
        "別の承認者に依頼してください。（対応できる方：保証会社の承認者）",
        "Ask another approver. (Who can do it: the guarantor's approver.)",
    ),
    "REISSUE_BY_GUARANTOR": (
        "認証キーは提出済みか、すでに閲覧に使われているため、受注者が再発行することはできません。",
        "The key was handed in, or the certificate opened with it, so the contractor can't issue it anew.",
        "保証会社に連絡し、再発行を依頼してください。（対応できる方：保証会社）",
        "Ask the guarantor to issue it anew. (Who can do it: the guarantor.)",
    ),
    "MAIL_NOT_AVAILABLE": (
        "この登録システムには、電子メールを送る設定がありません。",
        "This register is not set up to send mail.",
        "文面をコピーしてご自身で送信し、提出したことを記録してください。（対応できる方：受注者）",
        "Copy the message and send it yourself, then record the handing in. (Who can do it: the contractor.)",
    ),
    "REISSUE_BY_CONTRACTOR": (
        "認証キーはまだ提出されていないため、保証会社が再発行することはできません。",
        "The key is not handed in yet, so the guarantor can't issue it anew.",
        "受注者に、ご自身で再発行するよう案内してください。（対応できる方：受注者）",
        "Ask the contractor to issue it anew. (Who can do it: the contractor.)",
    ),
    "GUARANTEE_EXISTS": (
        "同じ工事の同じ保証が既にあります（{contract_number}）。",
        "These works have this guarantee already ({contract_number}).",
        "保証契約一覧で確かめてください。（対応できる方：受注者）",
        "Look at the list of guarantee contracts. (Who can do it: the contractor.)",
    ),
    "STORE_UNAVAILABLE": (
        "データの保管先を使えません。何も変更していません。",
        "The store can't be used. Nothing was changed.",
        "しばらくしてから、もう一度行ってください。（対応できる方：操作しているご本人）",
        "Try again in a while. (Who can do it: you.)",
    ),
    "INTERNAL": (
        "サーバーに問題が起きました（照会番号 {reference}）。",
        "The server has a problem (reference {reference}).",
        "照会番号を添えて、運営者にお知らせください。（対応できる方：登録システムの運営者）",
        "Tell the operator the reference. (Who can do it: the register's operator.)",
    ),
    "EXPECTED_DATE_USED": (
        "契約日が未定のため、契約予定日で判定しました。",
        "The contract date is unknown; the expected one was taken.",
        *_ENTER,
    ),
    "PERFORMANCE_NOT_REQUIRED": (
        "請負金額が基準額に達しないため、契約保証は求められていません。",
        "The price is below the threshold: no contract guarantee is required.",
        *_ENTER,
    ),
    "CONTRACT_ALREADY_SIGNED": (
        "契約は締結済みです。契約保証は締結の前に要るものです。",
        "The works contract is signed already; a contract guarantee comes before that.",
        *_ENTER,
    ),
    "TARIFF_BANDS_OVERLAP": (
        "料率表の区分が重なっています。",
        "Bands of the tariff overlap.",
        "区分の下限を、前の区分の上限と同じ額にしてください。（対応できる方：保証会社の承認者）",
        "Let each band begin where the one before it ends. (Who can do it: the guarantor's approver.)",
    ),
    "TARIFF_BANDS_GAP": (
        "料率表に、どの区分にも入らない金額があります。",
        "No band of the tariff holds some amounts.",
        "最初の区分は0円から、最後の区分は上限なしとしてください。（対応できる方：保証会社の承認者）",
        "Begin at 0 yen, leave no gap, and let the last band have no end. (Who can do it: the guarantor's approver.)",
    ),
    "TARIFF_RETROACTIVE": (
        "料率表を、すでに保証料を告げた日にさかのぼって適用することはできません。",
        "A tariff can't be valid from a day on which fees were told by another one already.",
        "{earliest}以降の適用開始日にしてください。（対応できる方：保証会社の承認者）",
        "Choose {earliest} or a later day. (Who can do it: the guarantor's approver.)",
    ),
    "TARIFF_NOT_IN_ORDER": (
        "これより後（{latest}）から適用する料率表が、すでに登録されています。",
        "A tariff that is valid from a later day ({latest}) is set already.",
        "その日以降の適用開始日にしてください。（対応できる方：保証会社の承認者）",
        "Choose that day or a later one. (Who can do it: the guarantor's approver.)",
    ),
    "FEE_DIFFERS_FROM_TARIFF": (
        "保証料が、料率表による額（{proposed_yen}円）と異なります。",
        "The fee is not the one that the tariff gives ({proposed_yen} yen).",
        "料率表による額にするか、異なる理由を記載してください。（対応できる方：保証会社の審査担当）",
        "Take the tariff's fee, or say why it is another one. (Who can do it: the guarantor's underwriter.)",
    ),
    "FEE_NOT_TOLD": (
        "保証料は、まだ決まっていません。",
        "The fee is not told yet.",
        "申込みが承諾されてから、もう一度行ってください。（対応できる方：保証会社）",
        "Try again once the application is accepted. (Who can do it: the guarantor.)",
    ),
    "RECEIPT_WITHOUT_PAYMENT": (
        "領収した保証料がないため、領収証の送付を記録できません。",
        "No fee was received that a receipt could be for.",
        "入金を記録してから、もう一度行ってください。（対応できる方：保証会社）",
        "Record the payment first. (Who can do it: the guarantor.)",
    ),
    "RECEIPT_ALREADY_SENT": (
        "領収証の送付は、すでに記録されています（{sent_on}）。",
        "That the receipt was sent is recorded already ({sent_on}).",
        "記録を確かめてください。（対応できる方：保証会社）",
        "Look at the record. (Who can do it: the guarantor.)",
    ),
    "NOT_MONTHLY_PAYER": (
        "この受注者と保証会社の間には、保証料を一括納付する取決めがありません。",
        "This contractor and this guarantor have not agreed on monthly payment.",
        "保証契約ごとの保証料計算書をご覧ください。（対応できる方：保証会社の承認者）",
        "Look at each contract's fee sheet. (Who can do it: the guarantor's approver.)",
    ),
    "ADVANCE_NOT_FOR_PRODUCT": (
        "この保証では、前払金の請求はできません。",
        "No advance is paid under this product.",
        "前払金保証の契約を選んでください。（対応できる方：受注者）",
        "Choose a prepayment guarantee. (Who can do it: the contractor.)",
    ),
    "ADVANCE_ALREADY_REQUESTED": (
        "この保証による前払金は、すでに請求されています（{requested_on}提出）。",
        "The advance under this guarantee was asked for already (on {requested_on}).",
        "発注者から返却されたときは、先の請求を取り下げてください。（対応できる方：受注者）",
        "If the orderer gave it back, withdraw it first. (Who can do it: the contractor.)",
    ),
    "ADVANCE_NOT_REQUESTED": (
        "提出を記録した前払金の請求はありません。",
        "There is no request for the advance that was handed in.",
        "請求書を提出し、提出を記録してください。（対応できる方：受注者）",
        "Hand the request in and record that first. (Who can do it: the contractor.)",
    ),
}
