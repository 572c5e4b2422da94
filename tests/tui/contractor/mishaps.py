"""What the tests of clumsy hands share: ways to the screens, held-up calls, and a colleague who saves."""

import asyncio
from dataclasses import replace

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.screens.contractor.application import ApplicationScreen
from tashika_tui.widgets.form import Form
from tests.tui.contractor.playing import reach
from tests.tui.running import Hand


def held_up(held: World, method: str) -> asyncio.Future[None]:
    """The next call of a method waits for this."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    held.faults.pause = lambda name: gate if name == method and not gate.done() else None
    return gate


def screen_of(hand: Hand) -> ApplicationScreen:
    screen = next(one for one in hand.app.screen_stack if isinstance(one, ApplicationScreen))
    assert isinstance(screen, ApplicationScreen)
    return screen


def form_of(hand: Hand, step: str) -> Form:
    return screen_of(hand).query_one(f"#{step}", Form)


async def to_the_list(hand: Hand) -> None:
    await hand.press("1")
    await reach(hand, "ContractList")


async def open_new(hand: Hand) -> None:
    await to_the_list(hand)
    await hand.press("f3")
    await reach(hand, "ApplicationScreen")


async def open_draft(hand: Hand) -> None:
    await to_the_list(hand)
    await hand.press("enter")
    await reach(hand, "ApplicationScreen")


async def retype_amount(hand: Hand, amount: str) -> None:
    screen_of(hand).go("amount", "amount_yen")
    await hand.settle()
    await hand.press("end", *["backspace"] * 12)
    await hand.paste(amount)


def drafts(held: World) -> list[records.Contract]:
    return [one for one in held.contracts.values() if one.state == "DRAFT"]


async def colleague_saves(held: World, contract: records.Contract, amount: int) -> records.Contract:
    colleague = await FakeRegister.signed_in(held, "colleague")
    theirs = replace(contract.application, amount_yen=amount)
    request_id = f"00000000-0000-4000-8000-{amount:012d}"
    return await colleague.update_contract(contract, theirs, request_id=request_id)
