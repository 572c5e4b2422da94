"""What mails say, in Japanese and English: what happened, and what to do next. No key, no document, no amount."""

from dataclasses import dataclass
from typing import Final

from tashika_server.domain.notices import NoticeKind, Party


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language: its title, what happened, and what to do next."""

    title: str
    happened: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around each notice in one language; ``heading`` takes title and number."""

    heading: str
    greeting: str
    number: str
    works: str
    next_step: str
    closing: tuple[str, ...]


_K, _P = NoticeKind, Party

FRAMES: Final = {
    "ja": Frame(
        heading="{title}（保証契約番号 {number}）",
        greeting="ご担当者様",
        number="保証契約番号",
        works="工事・業務の名称",
        next_step="■ 次にしていただくこと",
        closing=(
            "認証キーや電子証書をメールでお送りすることはありません。認証キーをメールでお尋ねすることもありません。",
            "このメールは登録簿 Tashika（確か）が自動で送信しています。",
            "同じお知らせは Tashika の「お知らせ」でもご覧いただけます。メールが要らない種類は、"
            "その画面の「メールの設定」で選べます。",
        ),
    ),
    "en": Frame(
        heading="{title} (contract {number})",
        greeting="To whom it may concern,",
        number="Guarantee contract number",
        works="Works or services",
        next_step="What to do next",
        closing=(
            "Keys and certificates are never sent by mail, and nobody asks for a key by mail.",
            "This mail was sent automatically by the register Tashika.",
            'The same notices are in Tashika under "Notices"; there, under "Mail settings", you choose the kinds of '
            "which you want no mail.",
        ),
    ),
}

_CONTRACTOR_JA: Final = {
    _K.ISSUED: Words(
        "電子保証発行完了のお知らせ",
        "次の保証契約について、電子証書の発行が完了し、登録簿に登録されました。",
        "Tashika にログインし、「電子保証（認証キー）」で「認証キーのお知らせ」を印刷または保存して、"
        "発注者へ提出してください。提出の方法と期限は、発注者の定めに従って同じ画面に表示されます。"
        "証書の内容に誤りがないかも、あわせてご確認ください。",
    ),
    _K.ACCEPTED: Words(
        "保証申込み承諾のお知らせ",
        "次の保証契約のお申込みを、保証会社が承諾しました。",
        "Tashika の「保証契約一覧」で承諾の内容を確かめ、保証料を期限までにお納めください。"
        "納付が確認されると（一括納付の場合はそのまま）、証書が発行されます。"
        "内容に誤りがあるときは、発行の前に「誤りを連絡」で保証会社へお知らせください。",
    ),
    _K.RETURNED: Words(
        "保証申込み差戻しのお知らせ",
        "次の保証契約のお申込みに訂正が必要なため、保証会社が差し戻しました。",
        "Tashika の「保証契約一覧」で保証会社からの指摘を確かめ、訂正して申し込み直してください。"
        "保証契約番号は変わりません。",
    ),
    _K.REFUSED: Words(
        "保証申込み謝絶のお知らせ",
        "次の保証契約のお申込みを、保証会社がお引受けできないと判断しました。",
        "理由は Tashika の「保証契約一覧」でこの契約を開くとご覧いただけます。"
        "ご不明な点は、お申込み先の保証会社の支店へお問い合わせください。",
    ),
    _K.HANDED_IN: Words(
        "認証キー提出のお知らせ",
        "次の保証契約の認証キーを発注者へ提出したことが、貴社の方によって記録されました。",
        "お心当たりがない場合は、提出の記録を Tashika の「電子保証（認証キー）」で確かめ、"
        "保証会社へご連絡ください。ほかにしていただくことはありません。",
    ),
    _K.OPENED: Words(
        "電子証書閲覧のお知らせ",
        "次の保証契約の電子証書が、認証キーの保持者によって初めて閲覧されました。",
        "認証キーを発注者へ提出した後であれば、していただくことはありません。"
        "まだ提出していない場合は、認証キーがほかの人に知られたおそれがあります。"
        "Tashika の「閲覧の記録」を確かめ、保証会社へご連絡ください。",
    ),
    _K.KEY_REISSUED: Words(
        "認証キー再発行のお知らせ",
        "次の保証契約の認証キーが再発行されました。これまでの認証キーでは、電子証書を閲覧できなくなりました。",
        "Tashika の「電子保証（認証キー）」で新しい「認証キーのお知らせ」を印刷または保存し、"
        "発注者へ改めて提出してください。",
    ),
    _K.KEY_GUESSING: Words(
        "認証キー入力誤り多発のお知らせ",
        "次の保証契約の番号に対して、誤った認証キーが短い時間に何度も入力されました。"
        "誤った認証キーでは、電子証書は閲覧できません。",
        "発注者の入力誤りでないか、発注者へお確かめください。"
        "お心当たりがない場合や、認証キーがほかの人に知られたおそれがある場合は、保証会社へご連絡ください。"
        "認証キーは再発行できます。",
    ),
    _K.KEY_MAIL_FAILED: Words(
        "認証キー送信失敗のお知らせ",
        "次の保証契約の認証キーを発注者へ提出する電子メールを、送信できませんでした。認証キーはまだ提出されていません。",
        "理由は Tashika の「認証キーの提出」でこの契約を開くとご覧いただけます。宛先を確かめて送信し直すか、"
        "ほかの方法で提出し、提出したことを記録してください。",
    ),
}

_GUARANTOR_JA: Final = {
    _K.HANDED_IN: Words(
        "認証キー提出のお知らせ",
        "次の保証契約の認証キーを発注者へ提出したことを、契約者が記録しました。",
        "していただくことはありません。提出の日時と方法は、Tashika でこの契約を開くとご覧いただけます。",
    ),
    _K.OPENED: Words(
        "電子証書閲覧のお知らせ",
        "次の保証契約の電子証書が、認証キーの保持者によって初めて閲覧されました。",
        "認証キーの提出が記録されていない場合は、契約者へお確かめください。"
        "ほかにしていただくことはありません。",
    ),
    _K.KEY_REISSUED: Words(
        "認証キー再発行のお知らせ",
        "次の保証契約の認証キーが再発行されました。これまでの認証キーでは、電子証書を閲覧できなくなりました。",
        "前の認証キーが発注者へ提出済みのときは、再発行したことを発注者へお知らせください。"
        "新しい認証キーは契約者が発注者へ提出します。",
    ),
    _K.KEY_GUESSING: Words(
        "認証キー入力誤り多発のお知らせ",
        "次の保証契約の番号に対して、誤った認証キーが短い時間に何度も入力されました。"
        "誤った認証キーでは、電子証書は閲覧できません。",
        "Tashika でこの契約の「閲覧の記録」を確かめ、契約者または発注者へお問い合わせください。"
        "認証キーが知られたおそれがあるときは、再発行を手配してください。",
    ),
}

_CONTRACTOR_EN: Final = {
    _K.ISSUED: Words(
        "Electronic guarantee issued",
        "The electronic certificate of this guarantee contract has been issued and entered into the register.",
        'Sign in to Tashika, print or save the key notice under "Electronic guarantees (keys)", and hand it in '
        "to the orderer. The same screen says how and until when the orderer wants it. Please check the "
        "contents of the certificate, too.",
    ),
    _K.ACCEPTED: Words(
        "Application accepted",
        "The guarantor has accepted your application for this guarantee contract.",
        'Check the terms under "Guarantee contracts" in Tashika and pay the guarantee fee in time; the '
        "certificate is issued once the fee has arrived (at once for monthly payers). If the terms have an "
        "error, report it to the guarantor there before the issue.",
    ),
    _K.RETURNED: Words(
        "Application returned for correction",
        "The guarantor has returned your application for this guarantee contract: it needs a correction.",
        'Read the guarantor\'s remarks under "Guarantee contracts" in Tashika, correct the application and '
        "submit it again. Its number stays the same.",
    ),
    _K.REFUSED: Words(
        "Application refused",
        "The guarantor has decided not to take on this guarantee contract.",
        'The reason is shown in Tashika when you open the contract under "Guarantee contracts". For questions '
        "please call the guarantor's branch that you applied to.",
    ),
    _K.HANDED_IN: Words(
        "Authentication key handed in",
        "Somebody of your company has recorded that the key of this guarantee contract was handed in.",
        'If you know nothing of it, look at the record under "Electronic guarantees (keys)" in Tashika and tell '
        "the guarantor. Otherwise there is nothing to do.",
    ),
    _K.OPENED: Words(
        "Certificate opened",
        "A holder of the key has opened the certificate of this guarantee contract for the first time.",
        "If the key was handed in to the orderer, there is nothing to do. If it was not, somebody else may "
        "know the key: look at the openings in Tashika and call the guarantor.",
    ),
    _K.KEY_REISSUED: Words(
        "Authentication key re-issued",
        "The key of this guarantee contract was re-issued. The former key does not open the certificate any more.",
        'Print or save the new key notice under "Electronic guarantees (keys)" in Tashika, and hand it in to '
        "the orderer again.",
    ),
    _K.KEY_GUESSING: Words(
        "Many wrong authentication keys",
        "Wrong keys were entered many times within minutes for the number of this guarantee contract. A wrong "
        "key does not open the certificate.",
        "Ask the orderer whether these were typing errors. If they were not, or if somebody else may know the "
        "key, call the guarantor: the key can be re-issued.",
    ),
    _K.KEY_MAIL_FAILED: Words(
        "Mail with the key not sent",
        "The mail that was to hand in the key of this guarantee contract could not be sent. The key is not handed in.",
        'Why is shown in Tashika under "Handing in". Check the address and send it again, or hand the key in '
        "another way and record that.",
    ),
}

_GUARANTOR_EN: Final = {
    _K.HANDED_IN: Words(
        "Authentication key handed in",
        "The contractor has recorded that the key of this guarantee contract was handed in to the orderer.",
        "There is nothing to do. When and how it was handed in is shown in Tashika.",
    ),
    _K.OPENED: Words(
        "Certificate opened",
        "A holder of the key has opened the certificate of this guarantee contract for the first time.",
        "If no handing in is recorded, please ask the contractor. Otherwise there is nothing to do.",
    ),
    _K.KEY_REISSUED: Words(
        "Authentication key re-issued",
        "The key of this guarantee contract was re-issued. The former key does not open the certificate any more.",
        "If the former key had been handed in, tell the orderer that there is a new one. The contractor hands "
        "the new key in.",
    ),
    _K.KEY_GUESSING: Words(
        "Many wrong authentication keys",
        "Wrong keys were entered many times within minutes for the number of this guarantee contract. A wrong "
        "key does not open the certificate.",
        "Look at the openings of the contract in Tashika, and ask the contractor or the orderer. If the key may "
        "be known, arrange its re-issue.",
    ),
}

WORDS: Final = {
    ("ja", _P.CONTRACTOR): _CONTRACTOR_JA,
    ("ja", _P.GUARANTOR): _GUARANTOR_JA,
    ("en", _P.CONTRACTOR): _CONTRACTOR_EN,
    ("en", _P.GUARANTOR): _GUARANTOR_EN,
}
"""By language and party, the words for each kind that the table of notices tells that party."""
