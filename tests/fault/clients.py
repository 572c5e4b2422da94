"""Clients that issue side by side until their server is gone, or until they are told to stop."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import grpc
import grpc.aio

from tashika.v1 import certificate_service_pb2 as certificates
from tashika.v1 import key_service_pb2 as keys
from tests.bench.world import World
from tests.fault.journal import Entry, Journal
from tests.fault.site import Serving
from tests.support.client import Client, fresh
from tests.support.refusals import DETAILS_KEY

CLIENTS = 10
"""How many issue at once."""

T = TypeVar("T")


class Fleet:
    """Ten clients with a connection each. ``waiting``: contracts that are to be issued.

    ``cut``: issues that were under way and got no answer; ``answers``: how many were acknowledged.
    """

    def __init__(self, world: World, journal: Journal, waiting: deque[str]) -> None:
        self._world = world
        self._journal = journal
        self._waiting = waiting
        self._stopped = False
        self._answered = asyncio.Condition()
        self.cut = 0
        self.answers = 0

    async def issue(self, serving: Serving) -> None:
        """Issue one contract after the other in each client, until the server is gone or ``stop``."""
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(self._client(serving))

    def stop(self) -> None:
        """Begin no further issue."""
        self._stopped = True

    async def answered(self, count: int) -> None:
        """Wait until that many issues were acknowledged."""
        async with self._answered:
            await self._answered.wait_for(lambda: self.answers >= count)

    async def _client(self, serving: Serving) -> None:
        async with (
            serving.client(self._world.guarantor_token) as desk,
            serving.client(self._world.contractor_token) as contractor,
        ):
            while not self._stopped:
                assert self._waiting, "too few contracts were prepared"
                if not await self._issue_one(desk, contractor, self._waiting.popleft()):
                    return

    async def _issue_one(self, desk: Client, contractor: Client, contract_id: str) -> bool:
        entry = self._journal.asks(fresh(), contract_id)
        try:
            response = await issue_once(desk, entry)
        except grpc.aio.AioRpcError as error:
            if not cut_off(error):
                raise
            self.cut += 1
            return False
        entry = self._journal.answers(entry, response)
        async with self._answered:
            self.answers += 1
            self._answered.notify_all()
        try:
            shown = await contractor.keys.GetKey(keys.GetKeyRequest(contract_id=contract_id))
        except grpc.aio.AioRpcError as error:
            if not cut_off(error):
                raise
            return False
        self._journal.sees_key(entry, shown.key)
        return True


def cut_off(error: grpc.aio.AioRpcError) -> bool:
    """Whether the connection broke: UNAVAILABLE, and no word of the server's own about it."""
    refused = any(key == DETAILS_KEY for key, _ in error.trailing_metadata() or ())
    return error.code() is grpc.StatusCode.UNAVAILABLE and not refused


async def side_by_side(
    items: Iterable[T], work: Callable[[T], Awaitable[None]], *, at_once: int = 16
) -> None:
    """Do something with each, some at once."""
    left = deque(items)

    async def worker() -> None:
        while left:
            await work(left.popleft())

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())


async def issue_once(desk: Client, entry: Entry) -> certificates.IssueCertificateResponse:
    """Send an issue, for the first time or again."""
    request = certificates.IssueCertificateRequest(request_id=entry.request_id, contract_id=entry.contract_id)
    response: certificates.IssueCertificateResponse = await desk.certificates.IssueCertificate(request)
    return response
