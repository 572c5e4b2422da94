"""The client on the guarantor's desk, on a simulated register."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.fake.papers import small_pdf
from tashika_tui.screens.login import LoginScreen
from tashika_tui.screens.menu import MenuScreen
from tests.tui.running import Hand, running
from tests.tui.tiny import NOW, connecting


def world_of(count: int = 200) -> World:
    return World(count=count, now=NOW)


@asynccontextmanager
async def desk(folder: Path, world: World, who: str = "underwriter", **changes: Any) -> AsyncIterator[Hand]:
    """The client, signed in, with its first screen over the menu."""
    screen = changes.pop("screen", None)
    register = FakeRegister(world)
    async with running(folder, register, connect=connecting(register), **changes) as hand:  # type: ignore[arg-type]
        await hand.until(lambda: isinstance(hand.app.screen, LoginScreen) and hand.app.screen.query("Form"))
        await hand.paste(who)
        await hand.press("tab")
        await hand.paste(world.people[who].password)
        await hand.press("enter")
        await hand.until(lambda: isinstance(hand.app.screen, MenuScreen))
        await hand.settle()
        if screen is not None:
            await hand.app.push_screen(screen)
            await hand.settle()
        yield hand


async def attached(world: World) -> records.ContractRow:
    """The contractor's oldest application that waits for review, with two documents."""
    contractor = await FakeRegister.signed_in(world, "contractor")
    wanted = records.ContractFilter(state="SUBMITTED")
    row = (await contractor.list_contracts(wanted, records.PageRequest(size=1))).items[0]
    for number, name in enumerate(("工事請負契約書.pdf", "決算書（令和6年度）.pdf")):
        await contractor.attach_document(
            records.Ref(row.contract_id), small_pdf(str(number)), request_id=str(uuid.uuid4()), name=name
        )
    return row


async def of_state(world: World, state: str, form: str = "ELECTRONIC") -> records.ContractRow:
    register = await FakeRegister.signed_in(world, "underwriter")
    # An orderer without rules of its own for amounts.
    wanted = records.ContractFilter(state=state, form=form, orderer_id="kashiwa")
    return (await register.list_contracts(wanted, records.PageRequest(size=1))).items[0]


def state_of(world: World, row: records.ContractRow) -> str:
    contract = world.contract(row.contract_id)
    assert contract is not None
    return contract.state


async def typed(hand: Hand, phrase: str) -> None:
    """Answers a typed confirmation."""
    await hand.paste(phrase)
    await hand.press("enter")
