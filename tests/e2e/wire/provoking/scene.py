"""How the reasons for refusals are provoked: one function each, in a scene with people on a server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from tashika.v1 import contract_pb2
from tests.support import data
from tests.support.client import Client
from tests.support.people import World
from tests.support.play import Play
from tests.support.refusals import Refusal, refusal


@dataclass
class Scene:
    """A server with people, and the language in which the refusal is wanted. ``folder`` is for servers of its own."""

    world: World
    language: str
    folder: Path

    @property
    def play(self) -> Play:
        """The contractor and the guarantor."""
        return Play(self.world)

    def person(self, name: str) -> Client:
        """Somebody who speaks the scene's language."""
        return self.world.people[name].speaking(self.language)

    @property
    def anonymous(self) -> Client:
        """Nobody, who speaks the scene's language."""
        return self.world.running.client(language=self.language)

    async def submission(self, product: Any, works: dict[str, Any], **changes: Any) -> Refusal:
        """The refusal of a submission for works with these changes."""
        works_id = await self.play.works(**works)
        contract = await self.play.draft(product, works_id, **changes)
        return await self.submit(contract)

    async def submit(self, contract: contract_pb2.Contract) -> Refusal:
        """The refusal of a submission."""
        play = self.play
        play.contractor = self.person("contractor")
        return await refusal(play.submit(contract))

    async def issue(self, contract: contract_pb2.Contract, who: str = "underwriter") -> Refusal:
        """The refusal of an issue."""
        play = self.play
        play.underwriter = self.person(who)
        return await refusal(play.issue(contract))

    async def performance(self, works: dict[str, Any], **changes: Any) -> Refusal:
        """The refusal of a submission of a contract guarantee."""
        return await self.submission(data.PERFORMANCE, works, **changes)

    async def prepayment(self, works: dict[str, Any], **changes: Any) -> Refusal:
        """The refusal of a submission of a prepayment guarantee."""
        return await self.submission(data.PREPAYMENT, works, **changes)


Provoke = Callable[[Scene], Awaitable[Refusal]]


@dataclass(frozen=True)
class Provocation:
    """How a reason is provoked, and the code that it comes with. ``own_server``: on one that may be damaged."""

    reason: str
    code: grpc.StatusCode
    provoke: Provoke
    own_server: bool


PROVOCATIONS: dict[str, Provocation] = {}


def raises(reason: str, code: grpc.StatusCode, *, own_server: bool = False) -> Callable[[Provoke], Provoke]:
    """Note the function as the one that provokes a reason."""

    def note(provoke: Provoke) -> Provoke:
        assert reason not in PROVOCATIONS
        PROVOCATIONS[reason] = Provocation(reason, code, provoke, own_server)
        return provoke

    return note
