"""The one mail that holds a key: what it says, where it goes, what was confirmed of it, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tashika_server.domain.form import Findings
from tashika_server.domain.generations import current_generation
from tashika_server.domain.hand_in_message import HandInMessage
from tashika_server.domain.handing_in import HandInAdvice, contractor_name
from tashika_server.domain.key_records import may_hand_in
from tashika_server.domain.mail_facts import failed, give_up_mails, room_faults
from tashika_server.domain.model import Contract, Fact, FactKind, MailFailure
from tashika_server.domain.policy import Channel
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse

GIVE_UP_AFTER: Final = timedelta(days=1)
"""A key is handed in within the day (K12): whoever still waits then does it another way, and must know."""

LONGEST_PAUSE: Final = timedelta(minutes=30)
"""Likewise it is tried again sooner than a notice."""

_BY_MAIL: Final = frozenset({Channel.MAIL.value, Channel.MAIL_OR_FAX.value})


@dataclass(frozen=True, slots=True)
class KeyMail:
    """A mail as it is kept: a reference, and never a key or a text.

    ``confirmation`` is the digest of what was confirmed, ``user_id`` who did it. ``generation`` is the key's.
    """

    mail_id: str
    contract_id: str
    version: int
    generation: int
    address: str
    confirmation: bytes
    user_id: str


@dataclass(frozen=True, slots=True)
class KeyMailDraft:
    """The mail as it will go out, but for the key between the two texts.

    ``from_name`` is the contractor, ``from_address`` the register's: another one would not pass for the contractor's.
    ``reply_to`` may be empty. ``policy_to`` is the address that the orderer's policy has; empty: none.
    """

    from_name: str
    from_address: str
    reply_to: str
    section: str
    to: str
    policy_to: str
    subject: str
    before_key: str
    after_key: str
    generation: int

    @property
    def other_address(self) -> bool:
        """Whether it goes somewhere else than the policy says."""
        return self.to.casefold() != self.policy_to.casefold()

    def text(self, key: str) -> str:
        """The whole text."""
        return self.before_key + key + self.after_key

    def parts(self) -> tuple[str, ...]:
        """Everything that somebody confirms, in a fixed order."""
        return (
            self.from_name,
            self.from_address,
            self.reply_to,
            self.to,
            self.subject,
            self.before_key,
            self.after_key,
            str(self.generation),
        )


def draft_mail(
    contract: Contract,
    advice: HandInAdvice,
    message: HandInMessage,
    *,
    to: str,
    from_address: str,
    reply_to: str,
    demo: bool,
) -> KeyMailDraft:
    """Make the mail for ``to`` (empty: the policy's address). ``reply_to`` is who answers where the application names
    no address of a contact. ``demo``: the certificate is one of a demonstration, and the mail says so.

    Refuses HAND_IN_NOT_BY_MAIL where the orderer does not want mails, and FIELD_REQUIRED where nobody knows an address.
    """
    if advice.channel not in _BY_MAIL:
        raise refuse(Reason.HAND_IN_NOT_BY_MAIL, channel=advice.channel)
    chosen = to or advice.to
    found = Findings()
    found.required("to", chosen)
    found.mail("to", chosen)
    if found.violations and not to:
        # What a policy has there may be no address of mail: the page of a form, or words.
        raise refuse(Reason.FIELD_REQUIRED, "to")
    if found.violations:
        raise RefusedError(*found.violations)
    terms = contract.terms or contract.application
    return KeyMailDraft(
        from_name=f"{contractor_name(contract)}（電子保証登録簿）",
        from_address=from_address,
        reply_to=terms.contact.mail or reply_to,
        section=advice.section,
        to=chosen,
        policy_to=advice.to,
        subject=f"【見本 DEMO】{message.subject}" if demo else message.subject,
        before_key=message.before_key,
        after_key=message.after_key,
        generation=current_generation(contract),
    )


def confirm_mail(contract: Contract, mail: KeyMail, now: datetime) -> Contract:
    """Record that the contractor confirmed a mail; one that still waits is given up for it.

    It is not handed in before the mail server has it. Refuses as a handing in does, and TOO_MANY_ITEMS.
    """
    may_hand_in(contract, mail.version, now)
    faults: list[Violation] = room_faults(contract, FactKind.MAIL_CONFIRMED)
    if faults:
        raise RefusedError(*faults)
    bare = give_up_mails(contract, MailFailure.REPLACED, now)
    return _with(bare, _fact(mail, FactKind.MAIL_CONFIRMED, now), now)


def mail_sent(contract: Contract, mail: KeyMail, now: datetime) -> Contract:
    """Record that the mail server has the mail: the key is handed in, whatever has become of the contract meanwhile.

    A mail that went out twice, since nobody knew of the first time, is handed in once.
    """
    if any(fact.kind is FactKind.HANDED_IN and fact.mail_id == mail.mail_id for fact in contract.facts):
        return contract
    handed = _with(contract, _fact(mail, FactKind.HANDED_IN, now), now)
    if mail.generation != current_generation(contract):
        return handed
    return replace(handed, steps=replace(handed.steps, handed_in=now))


def mail_failed(
    contract: Contract, mail: KeyMail, failure: MailFailure, note: str, now: datetime
) -> Contract:
    """Record that the mail does not go out any more, so that the contractor hands the key in another way."""
    return _with(contract, failed(_fact(mail, FactKind.MAIL_CONFIRMED, now), failure, note, now), now)


def _fact(mail: KeyMail, kind: FactKind, now: datetime) -> Fact:
    return Fact(
        kind,
        mail.version,
        now,
        mail.user_id,
        channel=Channel.MAIL.value,
        generation=mail.generation,
        to=mail.address,
        mail_id=mail.mail_id,
    )


def _with(contract: Contract, fact: Fact, now: datetime) -> Contract:
    return replace(contract, facts=(*contract.facts, fact), updated_time=now)
