"""How every call of the simulation begins and ends: faults, who may, and what was answered before."""

import asyncio
import re
from collections.abc import Callable
from typing import TypeVar

from tashika_tui.client.connection import Connection
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable
from tashika_tui.client.fake.refusals import Refused, error_of, refuse
from tashika_tui.client.fake.world import Person, World
from tashika_tui.client.records import Contract, Known

R = TypeVar("R")

ANYONE = ("",)
CONTRACTOR = ("CONTRACTOR",)
UNDERWRITER = ("UNDERWRITER",)
APPROVER = ("APPROVER",)
GUARANTOR = ("UNDERWRITER", "APPROVER")
ALL_BUT_OPERATOR = ("CONTRACTOR", "UNDERWRITER", "APPROVER", "OFFICER")
PARTIES = ("CONTRACTOR", "UNDERWRITER", "APPROVER")
OWN_SESSION = ("SESSION",)

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class FakeCalls:
    """One client of a world: whom it speaks for, and how it reaches it."""

    def __init__(self, world: World, language: str = "ja", token: str = "") -> None:
        self.world = world
        self._language = language
        self._token = token
        self._connection = Connection()

    @property
    def connection(self) -> Connection:
        """Whether the register can be reached."""
        return self._connection

    def use_token(self, token: str) -> None:
        """Speaks for the session of this token from now on; empty: for nobody."""
        self._token = token

    def use_language(self, language: str) -> None:
        """Asks for sentences in `ja` or `en` from now on."""
        self._language = language

    async def close(self) -> None:
        """Nothing is held open."""

    async def _read(self, method: str, who: tuple[str, ...], act: Callable[[Person], R]) -> R:
        """Makes a call that changes nothing that others see."""
        await self._arrive(method)
        try:
            return act(self._admit(who))
        except Refused as refused:
            raise self._told(refused) from None

    async def _change(
        self, method: str, who: tuple[str, ...], request_id: str, request: object, act: Callable[[Person], R]
    ) -> R:
        """Makes a call that changes something, once for each request_id."""
        await self._arrive(method)
        try:
            person = self._admit(who)
            if not _UUID.fullmatch(request_id):
                raise refuse("REQUEST_ID_FORMAT", "request_id")
            answer = self._once(person, method, request_id, request, act)
        except Refused as refused:
            raise self._told(refused) from None
        if self.world.faults.lose_answer:
            self.world.faults.lose_answer = False
            raise self._away()
        return answer

    def _once(
        self, person: Person, method: str, request_id: str, request: object, act: Callable[[Person], R]
    ) -> R:
        place = (person.user_id, method, request_id)
        if place in self.world.answers:
            earlier, answer = self.world.answers[place]
            if earlier != request:
                raise refuse("REQUEST_ID_REUSED", "request_id")
            # What was kept under this place came from the same method's `act`.
            return answer  # type: ignore[return-value]
        self.world.tick()
        self.world.acting = person.user_id
        answer = act(person)
        self.world.answers[place] = (request, answer)
        return answer

    async def _arrive(self, method: str) -> None:
        """Lets others run, as a real call does, and meets the faults on the way."""
        faults = self.world.faults
        await asyncio.sleep(0)
        waiting = faults.pause(method)
        if waiting is not None:
            await waiting
        if faults.offline:
            raise self._away()
        self._connection.reached()
        refused = faults.refuse_next.pop(method, None)
        if refused is not None:
            raise self._told(refused)

    def _admit(self, who: tuple[str, ...]) -> Person:
        person = self._person()
        if who == ANYONE:
            return person or _NOBODY
        if self.world.faults.session_expired:
            raise refuse("SESSION_EXPIRED")
        if person is None:
            raise refuse("UNAUTHENTICATED")
        if person.must_change_password and who != OWN_SESSION:
            raise refuse("PASSWORD_CHANGE_REQUIRED")
        if who not in (OWN_SESSION, SIGNED_IN) and not set(who) & set(person.roles):
            raise refuse("PERMISSION_DENIED")
        return person

    def _person(self) -> Person | None:
        return self.world.sessions.get(self._token)

    def _own(self, person: Person, known: Known) -> Contract:
        """The contract, if it is the caller's, and still what it decided on."""
        contract = self._seen(person, known.contract_id)
        if known.etag and known.etag != contract.etag:
            raise refuse("ETAG_MISMATCH", "etag")
        return contract

    def _seen(self, person: Person, contract_id: str) -> Contract:
        contract = self.world.contract(contract_id)
        if contract is None or not may_see(person, contract):
            raise refuse("NOT_FOUND", "contract_id", resource="contract")
        return contract

    def _told(self, refused: Refused) -> RefusedByServer:
        return error_of(refused, self._language)

    def _away(self) -> ServerNotReachable:
        self._connection.lost()
        return ServerNotReachable("UNAVAILABLE")


SIGNED_IN = ("ANY",)
_NOBODY = Person("", "", "", "", (), "", "", "")


def may_see(person: Person, contract: Contract) -> bool:
    """Whether the person's organisation is a party; a guarantor sees no drafts."""
    if person.kind == "CONTRACTOR":
        return contract.organization_id == person.organization_id
    return contract.guarantor_id == person.organization_id and contract.state != "DRAFT"
