"""The client in the contractor's hands, on a simulated register."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tashika_tui.client.fake import PASSWORD, FakeRegister, World
from tashika_tui.client.port import Register
from tashika_tui.client.records import Application, BankAccount, Contact, Contract, PageRequest
from tashika_tui.context import SessionContext
from tests.tui.running import Hand, reach, running
from tests.tui.tiny import NOW

__all__ = ["contractor", "drafted", "in_force", "reach", "submitted", "world"]


def world() -> World:
    """A register in which some contracts stand, at the clock of the tests."""
    return World(count=40, now=NOW)


async def drafted(held: World) -> Contract:
    """A draft that could be submitted: an advance for the first works."""
    register = await FakeRegister.signed_in(held, "contractor")
    page = await register.list_works(PageRequest())
    works = next(one for one in page.items if one.price_yen == 8_800_000)
    application = Application(
        guarantor_id=next(iter(held.guarantors)),
        branch="千葉支店",
        product="PREPAYMENT",
        form="ELECTRONIC",
        works=replace(works, etag=""),
        amount_yen=3_520_000,
        period_start=held.today,
        depositary=BankAccount("みずべ銀行", "柏支店", "普通", "1234567", "㈱髙﨑建設"),
        contact=Contact("髙﨑 花子", "04-7000-0000", "hanako@takasaki.example.jp"),
    )
    held.tick()
    return await register.create_contract(application, request_id="00000000-0000-4000-8000-000000000001")


async def submitted(held: World) -> Contract:
    """The same, submitted."""
    draft = await drafted(held)
    register = await FakeRegister.signed_in(held, "contractor")
    return await register.submit_contract(draft, request_id="00000000-0000-4000-8000-000000000002")


async def in_force(held: World) -> Contract:
    """A prepayment guarantee in force for works of 檜川市, which wants its key by mail and a telephone call."""
    register = await FakeRegister.signed_in(held, "contractor")
    page = await register.list_works(PageRequest())
    works = next(one for one in page.items if one.orderer_id == "hinokawa" and one.kind == "CONSTRUCTION")
    application = Application(
        guarantor_id=next(iter(held.guarantors)),
        branch="千葉支店",
        product="PREPAYMENT",
        form="ELECTRONIC",
        works=replace(works, etag=""),
        amount_yen=4_000_000,
        period_start=held.today,
        depositary=BankAccount("みずべ銀行", "柏支店", "普通", "1234567", "㈱髙﨑建設"),
        contact=Contact("髙﨑 花子", "04-7000-0000", "hanako@takasaki.example.jp"),
    )
    desk = await FakeRegister.signed_in(held, "deputy")
    draft = await register.create_contract(application, request_id=_id(1))
    contract = await register.submit_contract(draft, request_id=_id(2))
    held.tick(timedelta(minutes=40))
    contract = await desk.accept_contract(contract, 12_340, request_id=_id(3))
    held.tick(timedelta(minutes=75))
    contract = await desk.record_fee(contract, "PAYMENT", 12_340, held.today, request_id=_id(4))
    held.tick(timedelta(minutes=5))
    issued = await desk.issue_certificate(contract, request_id=_id(5))
    return await register.get_contract(issued.contract.contract_id)


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-0000000001{number:02d}"


@asynccontextmanager
async def contractor(
    folder: Path, register_world: World | None = None, *, login_name: str = "contractor", **changes: Any
) -> AsyncIterator[Hand]:
    """The client, with the contractor signed in and the menu shown."""
    held = register_world or world()
    register = FakeRegister(held, changes.get("language", "ja"))

    @asynccontextmanager
    async def connect(session: SessionContext, token: str) -> AsyncIterator[Register]:
        register.use_token(token)
        register.use_language(session.language)
        yield register

    async with running(folder, register, connect=connect, **changes) as hand:
        await hand.paste(login_name)
        await hand.press("tab")
        await hand.paste(PASSWORD)
        await hand.press("enter")
        await hand.until(lambda: type(hand.app.screen).__name__ == "MenuScreen")
        await hand.settle()
        yield hand
