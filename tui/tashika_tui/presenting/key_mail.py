"""The mail that hands a key in, in words: what goes where, and what became of it."""

from tashika_tui.client.records import Contract, Fact, HandInMail
from tashika_tui.i18n import Texts, Wording, say
from tashika_tui.presenting.handing_in import MASK, handed_in_now
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import moment_text

# Why a mail did not go out although somebody still wants it to; the other reasons are what people did themselves.
_LOST = ("REFUSED", "UNREACHABLE", "CHANGED")

BY_MAIL = ("MAIL", "MAIL_OR_FAX")
"""The ways of handing in that a mail is one of."""


def mail_sections(texts: Texts, mail: HandInMail, key: str) -> list[Section]:
    """The mail as it will go out, with the key or with what stands in its place."""
    rows = [
        (texts("key_mail.from"), f"{mail.from_name} <{mail.from_address}>"),
        (texts("key_mail.reply_to"), mail.reply_to or texts("key_mail.no_reply")),
        (texts("key_mail.to"), mail.to),
        (texts("label.section"), mail.section),
        (texts("key_mail.subject"), mail.subject),
    ]
    text = f"{mail.text_before_key}{key or MASK}{mail.text_after_key}"
    return [
        Section(texts("key_mail.envelope"), rows),
        Section(texts("key_mail.body"), [("", text)]),
    ]


def address_warning(mail: HandInMail) -> Wording | None:
    """That the mail goes somewhere else than the orderer's policy says; None where it does not."""
    if mail.to.casefold() == mail.policy_to.casefold():
        return None
    if not mail.policy_to:
        return say("key_mail.own_address")
    return say("key_mail.other_address", address=mail.policy_to)


def mail_standing(texts: Texts, contract: Contract) -> str:
    """That a mail waits, or that it was not sent; empty where nobody need know."""
    last = _last_mail(contract)
    if last is None:
        return ""
    when = moment_text(texts, last.fact_time)
    if last.kind == "MAIL_CONFIRMED":
        return texts("key_mail.standing_waits", when=when, to=last.to)
    if mail_lost(contract):
        why = texts.choice("mail_failure", last.failure)
        return texts("key_mail.standing_failed", when=when, to=last.to, why=why)
    return ""


def mail_lost(contract: Contract) -> bool:
    """Whether the last mail was not sent, and the key not handed in another way since."""
    last = _last_mail(contract)
    return last is not None and last.failure in _LOST and not handed_in_now(contract)


def _last_mail(contract: Contract) -> Fact | None:
    """What last became of a mail with the valid key."""
    generation = contract.keys[-1].generation if contract.keys else 1
    mails = [
        fact
        for fact in contract.facts
        if fact.mail_id and (fact.generation, fact.version) == (generation, contract.version)
    ]
    return mails[-1] if mails else None
