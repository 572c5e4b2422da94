"""The mail that hands a key in: shown as it will go out, confirmed, and rendered when it is sent.

What is kept is a reference. Just before each attempt the mail is made anew, and goes only if it says, but for the key,
what somebody confirmed, and if the key is still the valid one. It counts as handed in when the mail server has it, and
not before: an address with a typing error, or a mail server that is away, must not look like a key in the orderer's
hands.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from tashika_formats.key import format_key
from tashika_server.application.caller import Caller
from tashika_server.application.keys import hand_in_advice
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import Looking, contract_of, orderer
from tashika_server.application.notifying import tell_change
from tashika_server.application.ports import (
    Change,
    ClaimedKeyMail,
    Done,
    Handover,
    Ids,
    KeyLetter,
    ReadCertificates,
    ReadUsers,
    Replay,
    UnitOfWork,
)
from tashika_server.domain.generations import current_generation
from tashika_server.domain.hand_in_message import hand_in_message
from tashika_server.domain.key_mail import (
    GIVE_UP_AFTER,
    LONGEST_PAUSE,
    KeyMail,
    KeyMailDraft,
    confirm_mail,
    draft_mail,
    mail_failed,
    mail_sent,
)
from tashika_server.domain.key_records import may_hand_in
from tashika_server.domain.mailing import Delivery, given_up, pause_after
from tashika_server.domain.model import Contract, MailFailure, SealedKey
from tashika_server.domain.reasons import Reason, RefusedError, refuse

NOTE_CHARACTERS: Final = 300
"""A mail server's answer of some lines, as for notices."""

_SENT: Final = Change("contract.mailed", "system")
_FAILED: Final = Change("contract.mail_failed", "system")


class _Look(Looking, Protocol):
    """What a draft is made from; a read view and a unit of work have it."""

    @property
    def users(self) -> ReadUsers: ...
    @property
    def certificates(self) -> ReadCertificates: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as it will go out, the key left open, and the token that confirms just this one."""

    draft: KeyMailDraft
    confirmation: bytes
    contract: Contract


class KeyMails:
    """Use cases about the mail that hands a key in."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(
        self, caller: Caller, contract_id: str, version: int, to: str, expected: int | None
    ) -> Shown:
        """Show what would go where for a version (0: the current one), to the policy's address or to ``to``.

        Refuses MAIL_NOT_AVAILABLE, HAND_IN_NOT_BY_MAIL, FIELD_REQUIRED where no address is known, and as a handing in.
        """
        now = self._kit.clock.now()

        def query(look: _Look) -> Shown:
            contract = contract_of(look, caller, contract_id)
            same_revision(contract.revision, expected)
            chosen = version or contract.version
            may_hand_in(contract, chosen, now)
            draft = self._draft(look, contract, chosen, to, caller.user_id)
            return Shown(draft, self._confirmation(contract_id, chosen, draft), contract)

        return await self._kit.store.read(query)

    async def confirm(
        self,
        caller: Caller,
        contract_id: str,
        version: int,
        to: str,
        confirmation: bytes,
        expected: int | None,
        replay: Replay | None,
    ) -> Contract:
        """Put the mail into the outbox, if it is still what was shown: else MAIL_CHANGED."""
        change = change_by(caller, "contract.mail")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Contract]:
            contract = contract_of(uow, caller, contract_id)
            same_revision(contract.revision, expected)
            chosen = version or contract.version
            may_hand_in(contract, chosen, now)
            draft = self._draft(uow, contract, chosen, to, caller.user_id)
            present = self._confirmation(contract_id, chosen, draft)
            if not hmac.compare_digest(present, confirmation):
                raise refuse(Reason.MAIL_CHANGED, "confirmation")
            mail = KeyMail(
                ids.new("mil"), contract_id, chosen, draft.generation, draft.to, present, caller.user_id
            )
            confirmed = confirm_mail(contract, mail, now)
            uow.contracts.save(confirmed, change)
            uow.key_mails.drop(contract_id)
            uow.key_mails.put(mail, now)
            return Done(confirmed, (contract_id,))

        return await commit(self._kit, command, replay, lambda view: view.contracts)

    # --- for the sender --------------------------------------------------------------------------------------

    async def claim(self, lease: str, lasts: timedelta, host: str) -> KeyLetter | None:
        """Take the mail that is due first and render it; ``None`` where none is due. What does not go any more is given
        up on the way."""
        while True:
            due = await self._kit.store.read(lambda view: view.key_mails.next_time())
            if due is None or due > self._kit.clock.now():
                return None
            found = (await self._kit.store.run(self._claiming(lease, lasts, host))).value
            if found is None:
                return None
            if found.ready is not None:
                return self._letter(found.claimed, *found.ready)

    async def settle(self, letter: KeyLetter, result: Handover, chance: int) -> bool:
        """Write down what became of a mail; answers whether it was given up."""
        mail, now, reason = letter.mail, self._kit.clock.now(), _said(letter, result.reason)
        if result.delivery is Delivery.ACCEPTED:
            await self._kit.store.run(self._sending(letter))
            return False
        over = given_up(letter.first_time, now, GIVE_UP_AFTER)
        if result.delivery is Delivery.NEVER or over:
            failure = MailFailure.REFUSED if result.delivery is Delivery.NEVER else MailFailure.UNREACHABLE
            return bool((await self._kit.store.run(self._failing(letter, failure, reason))).value)
        counted = result.delivery is not Delivery.UNREACHABLE
        pause = pause_after(letter.attempts, chance, LONGEST_PAUSE) if counted else timedelta()

        def postpone(uow: UnitOfWork, at: datetime, ids: Ids) -> Done[bool]:
            return Done(
                uow.key_mails.postpone(mail.mail_id, letter.lease, at + pause, reason, counted=counted)
            )

        await self._kit.store.run(postpone)
        return False

    def _claiming(
        self, lease: str, lasts: timedelta, host: str
    ) -> "Callable[[UnitOfWork, datetime, Ids], Done[_Found | None]]":
        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[_Found | None]:
            claimed = uow.key_mails.claim(now, now + lasts, lease, host)
            if claimed is None:
                return Done(None)
            ready = self._ready(uow, claimed.mail)
            if isinstance(ready, MailFailure):
                self._give_up(uow, claimed, ready, "", now, ids)
                return Done(_Found(claimed, None))
            return Done(_Found(claimed, ready))

        return command

    def _ready(self, uow: UnitOfWork, mail: KeyMail) -> tuple[KeyMailDraft, SealedKey] | MailFailure:
        """What goes out, or why nothing does."""
        contract, sealed = uow.contracts.get(mail.contract_id), uow.keys.current(mail.contract_id)
        if contract is None or sealed is None or current_generation(contract) != mail.generation:
            return MailFailure.KEY_REISSUED
        try:
            draft = self._draft(uow, contract, mail.version, mail.address, mail.user_id)
        except RefusedError:
            return MailFailure.CHANGED
        present = self._confirmation(mail.contract_id, mail.version, draft)
        if not hmac.compare_digest(present, mail.confirmation):
            return MailFailure.CHANGED
        return draft, sealed

    def _letter(self, claimed: ClaimedKeyMail, draft: KeyMailDraft, sealed: SealedKey) -> KeyLetter:
        return KeyLetter(
            mail=claimed.mail,
            draft=draft,
            text=draft.text(format_key(self._kit.vault.unseal_key(sealed))),
            message_id=claimed.message_id,
            attempts=claimed.attempts,
            first_time=claimed.first_time,
            lease=claimed.lease,
            lease_until=claimed.lease_until,
        )

    def _sending(self, letter: KeyLetter) -> Callable[[UnitOfWork, datetime, Ids], Done[None]]:
        """The mail server has it: so it is handed in, also where the mail was given up meanwhile."""

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            uow.key_mails.sent(letter.mail_id, letter.lease, now)
            contract = uow.contracts.get(letter.mail.contract_id)
            if contract is not None:
                handed = mail_sent(contract, letter.mail, now)
                if handed is not contract:
                    uow.contracts.save(handed, _SENT)
                    tell_change(self._kit, uow, contract, handed, by="", now=now, ids=ids)
            return Done(None)

        return command

    def _failing(
        self, letter: KeyLetter, failure: MailFailure, reason: str
    ) -> Callable[[UnitOfWork, datetime, Ids], Done[bool]]:
        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[bool]:
            return Done(self._give_up(uow, letter, failure, reason, now, ids))

        return command

    def _give_up(
        self,
        uow: UnitOfWork,
        claimed: ClaimedKeyMail | KeyLetter,
        failure: MailFailure,
        reason: str,
        now: datetime,
        ids: Ids,
    ) -> bool:
        """Give a mail up that nobody else has: ``False`` where somebody did meanwhile."""
        if not uow.key_mails.bury(claimed.mail.mail_id, claimed.lease, now, reason or failure.value):
            return False
        contract = uow.contracts.get(claimed.mail.contract_id)
        if contract is not None:
            changed = mail_failed(contract, claimed.mail, failure, reason, now)
            uow.contracts.save(changed, _FAILED)
            tell_change(self._kit, uow, contract, changed, by="", now=now, ids=ids)
        return True

    # --- of its own ------------------------------------------------------------------------------------------

    def _draft(self, look: _Look, contract: Contract, version: int, to: str, user_id: str) -> KeyMailDraft:
        if not self._kit.sends_mail:
            raise refuse(Reason.MAIL_NOT_AVAILABLE)
        certificate = look.certificates.version(contract.contract_id, version)
        if certificate is None:
            raise refuse(Reason.NOT_ISSUED, "version", version=version, latest=contract.version)
        party = orderer(look, certificate.orderer_id)
        advice = hand_in_advice(contract, party, version)
        person = look.users.get(user_id)
        return draft_mail(
            contract,
            advice,
            hand_in_message(
                contract, advice, orderer_name=party.name, version=version, viewer=self._kit.viewer
            ),
            to=to,
            from_address=self._kit.mail_from,
            reply_to=person.mail if person is not None else "",
            demo=certificate.demo,
        )

    def _confirmation(self, contract_id: str, version: int, draft: KeyMailDraft) -> bytes:
        """The digest of all that goes out but the key, which nobody can make for another mail."""
        parts = (contract_id, str(version), *draft.parts())
        return self._kit.vault.digest("key-mail", *(part.encode() for part in parts))


@dataclass(frozen=True, slots=True)
class _Found:
    """A claimed mail with what is needed to render it; ``None``: it does not go out any more."""

    claimed: ClaimedKeyMail
    ready: tuple[KeyMailDraft, SealedKey] | None


def _said(letter: KeyLetter, reason: str) -> str:
    """What a mail server said, without what no store and no screen takes. One that quotes the key is not listened to:
    a filter that refuses a mail may name what it found there."""
    draft = letter.draft
    key = letter.text[len(draft.before_key) : len(letter.text) - len(draft.after_key)]
    if _bare(key) in _bare(reason):
        return ""
    kept = "".join(char if char.isprintable() else " " for char in reason)
    return kept[:NOTE_CHARACTERS].strip()


def _bare(text: str) -> str:
    """A text as it is compared: whatever stands between its letters."""
    return "".join(char for char in text if char.isalnum()).casefold()
