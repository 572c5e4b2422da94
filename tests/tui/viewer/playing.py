"""The client in a city's hands, with nobody signed in, on a simulated register whose papers verify."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, NamedTuple

from tashika_tui.client import records
from tashika_tui.client.fake import DemoPapers, FakeRegister, World
from tashika_tui.screens.viewer.certificate import CertificateScreen
from tests.tui.running import Hand, running
from tests.tui.tiny import NOW, connecting


class Issued(NamedTuple):
    """A register in memory, with a certificate in it."""

    world: World
    number: str
    key: str


async def find_issued(state: str = "IN_FORCE") -> Issued:
    """A register, with number and key of a certificate whose contract is in this state."""
    world = World(count=400, now=NOW, papers=DemoPapers(NOW))
    contractor = await FakeRegister.signed_in(world, "contractor")
    wanted = records.ContractFilter(state=state, form="ELECTRONIC")
    row = (await contractor.list_contracts(wanted, records.PageRequest(size=1))).items[0]
    key = await contractor.get_key(row.contract_id)
    return Issued(world, key.contract_number, key.key)


def an_issued() -> Issued:
    """The same, for what is no test."""
    return asyncio.run(find_issued())


def city(
    folder: Path, issued: Issued, register: FakeRegister | None = None, **changes: Any
) -> AbstractAsyncContextManager[Hand]:
    """The client, at its first screen, with nobody signed in."""
    held = register or FakeRegister(issued.world)
    return running(folder, held, connect=connecting(held), **changes)  # type: ignore[arg-type]


async def opened(hand: Hand) -> CertificateScreen:
    """Waits until the certificate is shown."""
    await hand.until(lambda: isinstance(hand.app.screen, CertificateScreen))
    await hand.settle()
    assert isinstance(hand.app.screen, CertificateScreen)
    return hand.app.screen


async def open_with_key(hand: Hand, key: str) -> None:
    """Types the key, with the number typed already, and opens the certificate."""
    await hand.paste(key)
    await hand.press("enter")
