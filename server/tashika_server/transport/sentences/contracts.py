"""The words for what a guarantee contract, its number, its key or its certificate does not allow."""

from collections.abc import Mapping

from grpc import StatusCode

from tashika_server.domain.reasons import Reason
from tashika_server.transport.sentences.entries import Entry, Who


def _contract(
    ja: str, en: str, next_ja: str, next_en: str, who: tuple[Who, ...] = (Who.CONTRACTOR,)
) -> Entry:
    return Entry(StatusCode.FAILED_PRECONDITION, ja, en, next_ja, next_en, who)


CONTRACTS: Mapping[Reason, Entry] = {
    Reason.GUARANTEE_EXISTS: _contract(
        "同じ工事等・保証・年度の保証契約が、すでにあります[（{contract_number}）]。",
        "There is a guarantee contract for these works, this product and this year[ ({contract_number})].",
        "保証契約一覧で確かめ、既存の申込みを続けるか取り下げてください。",
        "Look for it in the list of contracts; go on with it, or withdraw it.",
    ),
    Reason.GUARANTEE_PERIOD_TOO_SHORT: _contract(
        "保証期間が、必要な期間を満たしていません[（{must_reach:day}以降までの期間が必要です）|（{must_begin:day}以前からの期間が必要です）]。",
        "The guarantee period does not cover what it must"
        "[ (it must reach {must_reach:day})| (it must begin by {must_begin:day})].",
        "工期と契約日を確かめ、保証期間を延ばしてください。",
        "Check the works period and the contract date, and lengthen the guarantee period.",
    ),
    Reason.FISCAL_YEAR_NOT_BEGUN: _contract(
        "前払金の対象となる[{fiscal_year:fiscal_year}|年度]が、まだ始まっていません。",
        "The fiscal year of the advance[ ({fiscal_year:fiscal_year})] has not begun.",
        "[{first_day:day}以降に|その年度に入ってから]申し込んでください。",
        "Apply [from {first_day:day} on|once it has begun].",
    ),
    Reason.FISCAL_YEAR_OUTSIDE_WORKS: _contract(
        "指定された年度は、工期の年度[（{first_year:fiscal_year}から{last_year:fiscal_year}まで）]に含まれていません。",
        "The fiscal year is outside of the works period[ ({first_year:fiscal_year} to {last_year:fiscal_year})].",
        "年度または工期を確かめてください。",
        "Check the fiscal year and the works period.",
    ),
    Reason.PERIOD_BEYOND_FISCAL_YEAR: _contract(
        "債務負担行為の前払金保証の期間が、その年度[（{first_day:day}から{last_day:day}まで）|（{last_day:day}まで）]に収まっていません。",
        "The guarantee period does not lie within its fiscal year"
        "[ ({first_day:day} to {last_day:day})| (until {last_day:day})].",
        "保証期間を、その年度の中に収めてください。",
        "Let the guarantee period lie within that fiscal year.",
    ),
    Reason.FORM_MIXED: _contract(
        "一つの保証契約の中で、電子の証書と紙の証書を併用することはできません。",
        "Paper and electronic form can't be mixed within one guarantee contract.",
        "最初に選んだ形式で続けてください。別の保証契約では、別の形式を選べます。",
        "Go on with the first form. Another guarantee contract may have another form.",
        (Who.CONTRACTOR, Who.GUARANTOR),
    ),
    Reason.TERMS_CHANGED_TOO_FAR: _contract(
        "{field}は受注者だけが変更できる項目のため、審査で変更することはできません。",
        "{field} can be changed by the contractor alone.",
        "申込みを差し戻し、受注者に訂正を依頼してください。",
        "Return the application and ask the contractor to correct it.",
        (Who.UNDERWRITER,),
    ),
    Reason.APPROVAL_BY_SAME_PERSON: _contract(
        "審査した方が、ご自身で承認することはできません。",
        "Whoever accepted an application can't approve it as well.",
        "別の承認者に承認を依頼してください。",
        "Ask another approver.",
        (Who.APPROVER,),
    ),
    Reason.FEE_NOT_RECEIVED: _contract(
        "保証料の入金が確認されていません[（未納 {balance_yen:yen}）]。",
        "The guarantee fee is not received in full[ ({balance_yen:yen} open)].",
        "入金を確認し、記録してから発行してください。",
        "Record the payment once it is there, then issue.",
        (Who.CONTRACTOR, Who.GUARANTOR),
    ),
    Reason.PAYMENT_LAPSED: _contract(
        "保証料の払込期限[（{pay_by:day}）]を過ぎたため、承諾は効力を失いました。",
        "The last day for the fee[ ({pay_by:day})] has passed; the acceptance is void.",
        "必要な場合は、新たに申し込んでください。",
        "Apply anew if the guarantee is still needed.",
    ),
    Reason.SIGNER_MISSING: _contract(
        "この保証会社の電子署名の鍵が、サーバーに設定されていません。",
        "The server holds no signing key of this guarantor.",
        "運営者に、署名の鍵と証明書の設定を依頼してください。",
        "Ask the operator to install the signing key and its certificates.",
        (Who.OPERATOR,),
    ),
    Reason.ISSUE_OVERTAKEN: Entry(
        StatusCode.ABORTED,
        "発行の準備中に、契約の内容または日付が変わりました。何も発行されていません。",
        "While the certificate was being made, the contract or the day changed. Nothing was issued.",
        "最新の内容を確かめてから、もう一度発行してください。",
        "Look at the contract again, and issue again.",
        (Who.UNDERWRITER,),
    ),
    Reason.NUMBER_TYPING_ERROR: Entry(
        StatusCode.INVALID_ARGUMENT,
        "保証契約番号に入力の誤りがあります[（{problem:choice}）]。",
        "The guarantee contract number has a typing error[ ({problem:choice})].",
        "お知らせに記載された14桁の番号と照らし合わせて、入力し直してください。",
        "Compare it with the 14 digits on the notice and enter it again.",
        (Who.CALLER,),
    ),
    Reason.KEY_TYPING_ERROR: Entry(
        StatusCode.INVALID_ARGUMENT,
        "認証キーに入力の誤りがあります[（{problem:choice}）]。",
        "The authentication key has a typing error[ ({problem:choice})].",
        "お知らせに記載された20文字のキーと照らし合わせて、入力し直してください。",
        "Compare it with the 20 characters on the notice and enter it again.",
        (Who.CALLER,),
    ),
    Reason.WRONG_NUMBER_OR_KEY: Entry(
        StatusCode.PERMISSION_DENIED,
        "この保証契約番号と認証キーの組合せでは、証書を開けません。",
        "This number and key do not open a certificate.",
        "番号とキーが同じお知らせのものかを確かめてください。開けない場合は、受注者に最新のお知らせを求めてください。",
        "Check that both are from the same notice. If they are, ask the contractor for the latest notice.",
        (Who.CALLER, Who.CONTRACTOR),
        uniform=True,
    ),
    Reason.VIEWING_TOKEN_INVALID: Entry(
        StatusCode.UNAUTHENTICATED,
        "証書を閲覧できる時間が過ぎたか、閲覧の許可が無効です。",
        "The permission to view this certificate is void or over.",
        "保証契約番号と認証キーで、証書を開き直してください。",
        "Open the certificate again with number and key.",
        (Who.CALLER,),
        uniform=True,
    ),
    Reason.NOT_ISSUED: _contract(
        "証書[（第{version:number}版）]は、まだ発行されていません。",
        "There is no certificate[ of version {version:number}] yet.",
        "発行のお知らせが届いてから、もう一度行ってください。",
        "Wait for the notice of issue, then try again.",
        (Who.GUARANTOR,),
    ),
    Reason.NO_KEY_FOR_PAPER: _contract(
        "紙の証書の保証契約には、認証キーがありません。",
        "A guarantee contract in paper form has no authentication key.",
        "紙の証書を発注者に提出してください。",
        "Hand the paper certificate in to the orderer.",
    ),
    Reason.REISSUE_BY_GUARANTOR: _contract(
        "認証キーは提出済みか、すでに閲覧に使われているため、受注者が再発行することはできません。",
        "The key was handed in, or the certificate opened with it, so the contractor can't issue it anew.",
        "保証会社に連絡し、再発行を依頼してください。提出していないのに閲覧されている場合は、そのこともお知らせください。",
        "Ask the guarantor to issue it anew. If you had not handed it in, tell the guarantor that it was opened.",
        (Who.GUARANTOR,),
    ),
    Reason.REISSUE_BY_CONTRACTOR: _contract(
        "認証キーはまだ提出されていないため、保証会社が再発行することはできません。",
        "The key is not handed in yet, so the guarantor can't issue it anew.",
        "受注者に、ご自身で再発行するよう案内してください。",
        "Ask the contractor to issue it anew.",
    ),
    Reason.NOT_HANDED_IN: _contract(
        "[第{version:number}版の]現在の認証キーは、まだ提出したと記録されていません。",
        "The present key is not recorded as handed in[ for version {version:number}].",
        "先に、提出したことを記録してください。",
        "Record the handing in first.",
    ),
    Reason.KEY_NOT_REISSUED: _contract(
        "現在の認証キーは、保証会社が再発行したものではありません。",
        "The present key is not one that the guarantor issued anew.",
        "発注者への連絡は、保証会社が再発行したときに記録してください。",
        "Record that the orderer was told after the guarantor has issued the key anew.",
        (Who.GUARANTOR,),
    ),
    Reason.HAND_IN_NOT_BY_MAIL: _contract(
        "この発注者は、認証キーの電子メールでの提出を受け付けていません[（提出方法：{channel:choice}）]。",
        "This orderer does not take keys by mail[ (it wants: {channel:choice})].",
        "発注者の定める方法で提出し、提出したことを記録してください。",
        "Hand the key in as the orderer wants it, then record the handing in.",
    ),
    Reason.MAIL_NOT_AVAILABLE: _contract(
        "この登録システムには、電子メールを送る設定がありません。",
        "This register is not set up to send mail.",
        "文面をコピーしてご自身で送信し、提出したことを記録してください。",
        "Copy the message and send it yourself, then record the handing in.",
        (Who.CONTRACTOR, Who.OPERATOR),
    ),
    Reason.MAIL_CHANGED: Entry(
        StatusCode.ABORTED,
        "送信する内容が、確認された内容と異なるため、何も送信していません。",
        "The mail is not what was confirmed. Nothing was sent.",
        "送信する内容をもう一度表示し、確かめてから送信してください。",
        "Look at the mail again, and confirm it anew.",
        (Who.CONTRACTOR,),
    ),
}
