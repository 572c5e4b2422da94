"""Why a certificate is not authentic: every reason has a code, and a sentence that says what is wrong and
what to do."""

from typing import Final

from tashika_formats.errors import FormatError

_ASK_JA = "発注者または保証会社から、登録された電子証書を受け取り直してください。"
_ASK_EN = "Get the registered certificate again from the orderer or the guarantor."
_REGISTER_JA = "登録簿から検証用の記録を受け取り直してください。"
_REGISTER_EN = "Fetch the records for verification from the register again."

# code: (Japanese, English), each a whole sentence or more.
REASONS: Final[dict[str, tuple[str, str]]] = {
    "NOT_A_PDF": (
        "PDF ファイルではありません。電子証書の PDF を指定してください。",
        "This is not a PDF file. Give the PDF of the certificate.",
    ),
    "TOO_LARGE": (
        "ファイルが大きすぎます。電子証書の PDF ではありません。" + _ASK_JA,
        "The file is too large to be a certificate. " + _ASK_EN,
    ),
    "UNREADABLE_PDF": (
        "PDF として読み取れません。壊れているか、書き換えられています。" + _ASK_JA,
        "The PDF can't be read: it is damaged or was altered. " + _ASK_EN,
    ),
    "NO_STATEMENT": (
        "登録簿の電子証書ではありません（証書データがありません）。ファイルを確かめてください。",
        "This is no certificate of the register: no statement is attached. Check that it is the right file.",
    ),
    "STATEMENT_UNREADABLE": (
        "添付された証書データが壊れているか、書き換えられています。" + _ASK_JA,
        "The attached statement is damaged or was altered. " + _ASK_EN,
    ),
    "UNSIGNED": (
        "保証会社の電子署名がありません。署名のないファイルは電子証書ではありません。" + _ASK_JA,
        "The guarantor's signature is missing; a file without it is no certificate. " + _ASK_EN,
    ),
    "SEVERAL_SIGNATURES": (
        "電子署名が2つ以上あります。発行後に手が加えられています。" + _ASK_JA,
        "There is more than one signature, so the file was changed after its issue. " + _ASK_EN,
    ),
    "NOT_REGISTERED": (
        "電子署名はありますが、この証書は登録簿の記録にありません。"
        "検証用の記録が古い場合は取り直し、それでも見つからなければ保証会社に問い合わせてください。",
        "The file is signed, but the register has no record of this certificate. "
        "If your records are old, fetch them again; if it is still not found, ask the guarantor.",
    ),
    "ALTERED": (
        "登録された電子証書と内容が一致しません。発行後に書き換えられています。" + _ASK_JA,
        "The file differs from the registered certificate: it was altered after its issue. " + _ASK_EN,
    ),
    "JUNK_AT_END": (
        "登録された電子証書の後ろに余分なデータが付いています。" + _ASK_JA,
        "There is extra data behind the end of the registered certificate. " + _ASK_EN,
    ),
    "ADDED_AFTER_SIGNING": (
        "登録された電子証書に、署名の後でページや注釈などが追加されています。" + _ASK_JA,
        "Something, such as a page or an annotation, was added to the registered certificate after signing. "
        + _ASK_EN,
    ),
    "SIGNATURE_BROKEN": (
        "電子署名が内容と一致しません。署名の後で書き換えられています。" + _ASK_JA,
        "The signature does not match the contents: the file was altered after signing. " + _ASK_EN,
    ),
    "UNTRUSTED_SIGNER": (
        "署名者の証明書を信頼する認証局まで確認できません。認証局の証明書（roots）を確かめ、"
        "正しければ保証会社に問い合わせてください。",
        "The signer's certificate does not lead to a trusted authority. Check the authorities' certificates "
        "(roots); if they are right, ask the guarantor.",
    ),
    "NOT_WHOLE_FILE": (
        "電子署名がファイル全体を対象にしていません。" + _ASK_JA,
        "The signature does not cover the whole file. " + _ASK_EN,
    ),
    "RECORD_DIFFERS": (
        "登録簿の記録が別の証書のものです。" + _REGISTER_JA,
        "The register's record belongs to another certificate. " + _REGISTER_EN,
    ),
    "STATEMENT_DIFFERS": (
        "添付された証書データが登録簿の記録と一致しません。" + _ASK_JA,
        "The attached statement differs from the register's record. " + _ASK_EN,
    ),
    "STATEMENT_SIGNATURE": (
        "証書データに対する保証会社の署名が正しくありません。" + _REGISTER_JA,
        "The guarantor's signature over the statement is wrong. " + _REGISTER_EN,
    ),
    "SIGNER_DIFFERS": (
        "PDF の署名者が、登録簿に記録された署名者と異なります。保証会社に問い合わせてください。",
        "The signer of the PDF is not the one that the register recorded. Ask the guarantor.",
    ),
    "CHAIN_UNREADABLE": (
        "登録簿の記録にある署名者の証明書を読み取れません。" + _REGISTER_JA,
        "The signer's certificates in the register's record can't be read. " + _REGISTER_EN,
    ),
    "CHECKPOINT": (
        "登録簿のチェックポイントの署名を確認できません。登録簿の公開鍵（log.vkey）を確かめてください。"
        + _REGISTER_JA,
        "The signature on the register's checkpoint can't be confirmed. Check the register's key (log.vkey). "
        + _REGISTER_EN,
    ),
    "PROOF": (
        "登録簿に記録されていることの証明が成り立ちません。" + _REGISTER_JA,
        "The proof that the certificate is in the register's log does not hold. " + _REGISTER_EN,
    ),
    "STATUS": (
        "登録簿の現況の署名または内容を確認できません。" + _REGISTER_JA,
        "The register's word on the current state can't be confirmed. " + _REGISTER_EN,
    ),
    "CLOCK": (
        "登録簿の現況または電子署名の日時が、このコンピューターの時計より先です。時計を合わせてください。",
        "The register's status or the signature is later than this computer's clock. Set the clock.",
    ),
}


class NotAuthenticError(FormatError):
    """The certificate is not authentic, or can't be shown to be.

    `reason` (also `code`) is a key of REASONS; `detail` is a short English hint for support, of this
    program's own words, never of the file's.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        ja, en = REASONS[reason]
        super().__init__(reason, ja, en)
        self.reason = reason
        self.detail = detail
