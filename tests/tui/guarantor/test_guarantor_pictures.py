"""How the guarantor's screens look, in both languages, sizes and looks."""

import asyncio
import uuid
from pathlib import Path

from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.i18n import Texts
from tashika_tui.screens.guarantor.review import ReviewScreen
from tests.tui.guarantor.playing import attached, desk, of_state, typed, world_of
from tests.tui.running import Hand, reach
from tests.tui.snapshots import in_both_languages, look


async def accepted(world: World, form: str = "ELECTRONIC") -> records.ContractRow:
    """An application that was accepted just now, for a fee of 23,400 yen."""
    row = await of_state(world, "SUBMITTED", form)
    register = await FakeRegister.signed_in(world, "deputy")
    await register.accept_contract(records.Ref(row.contract_id), 23_400, request_id=str(uuid.uuid4()))
    return row


async def go_to(hand: Hand, field: str) -> None:
    hand.app.screen.query_one("Form").go_to(field)  # type: ignore[attr-defined]
    await hand.settle()


@in_both_languages
async def test_lists(tmp_path: Path, language: str) -> None:
    async with desk(tmp_path, world_of(), language=language) as hand:
        await look(hand, "guarantor-menu")
        await hand.press("1")
        await reach(hand, "QueueScreen")
        await look(hand, "guarantor-queue")
        await hand.press("f6", "f6")
        await reach(hand, "QueueScreen")
        await look(hand, "guarantor-queue-accepted")
        await hand.press("escape", "2")
        await reach(hand, "PortfolioScreen")
        await look(hand, "guarantor-portfolio")
        await hand.press("ctrl+u")
        await reach(hand, "PickDialog")
        await look(hand, "guarantor-states")


@in_both_languages
async def test_review_of_an_application(tmp_path: Path, language: str) -> None:
    world = world_of()
    row = await attached(world)
    async with desk(tmp_path, world, language=language, screen=ReviewScreen(row.contract_id)) as hand:
        await reach(hand, "ReviewScreen")
        await look(hand, "guarantor-review")
        await hand.press("end")
        await look(hand, "guarantor-review-end")
        await hand.press("f10")
        await reach(hand, "PickDialog")
        await look(hand, "guarantor-what-to-do")
        await hand.press("escape", "b")
        await reach(hand, "PickDialog")
        await look(hand, "guarantor-attachments")
        await hand.press("escape")
        await reach(hand, "ReviewScreen")
        await hand.press("f1")
        await reach(hand, "HelpScreen")
        await look(hand, "guarantor-help")


@in_both_languages
async def test_decisions(tmp_path: Path, language: str) -> None:
    world = world_of()
    row = await attached(world)
    async with desk(tmp_path, world, language=language, screen=ReviewScreen(row.contract_id)) as hand:
        await reach(hand, "ReviewScreen")
        await hand.press("a")
        await reach(hand, "AcceptScreen")
        await look(hand, "guarantor-accept")
        await hand.paste("23,400")
        await go_to(hand, "works.name")
        await hand.paste("（その１）")
        await hand.press("f10")
        await reach(hand, "Confirm")
        await look(hand, "guarantor-accept-question")
        await hand.press("n", "escape", "y", "r")
        await reach(hand, "ReturnScreen")
        await look(hand, "guarantor-return")
        await go_to(hand, "works.name")
        await hand.paste("契約書の名称と違います。")
        await hand.press("f10")
        await reach(hand, "Confirm")
        await look(hand, "guarantor-return-question")
        await hand.press("n", "escape", "y", "x")
        await reach(hand, "TextDialog")
        await hand.paste("引受けの対象外の工事です。")
        await hand.press("enter")
        await reach(hand, "TypedConfirm")
        await look(hand, "guarantor-refuse")


@in_both_languages
async def test_fee_and_issue(tmp_path: Path, language: str) -> None:
    world = world_of()
    row = await accepted(world)
    phrase = Texts(language)("guarantor.issue_phrase")
    async with desk(tmp_path, world, language=language, screen=ReviewScreen(row.contract_id)) as hand:
        await reach(hand, "ReviewScreen")
        await look(hand, "guarantor-review-accepted")
        await hand.press("f")
        await reach(hand, "FeeScreen")
        await look(hand, "guarantor-fee")
        await hand.press("f10", "y")
        await reach(hand, "ReviewScreen")
        await hand.press("I")
        await reach(hand, "TypedConfirm")
        await look(hand, "guarantor-issue")
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        world.faults.pause = lambda method: waiting if method == "IssueCertificate" else None
        await typed(hand, phrase)
        await look(hand, "guarantor-issuing")
        waiting.set_result(None)
        await reach(hand, "ReviewScreen")
        await look(hand, "guarantor-issued")


@in_both_languages
async def test_paper_and_approval(tmp_path: Path, language: str) -> None:
    world = world_of(1_000)
    row = await accepted(world, "PAPER")
    async with desk(tmp_path, world, language=language, screen=ReviewScreen(row.contract_id)) as hand:
        await reach(hand, "ReviewScreen")
        await hand.press("P")
        await reach(hand, "PaperScreen")
        await look(hand, "guarantor-paper")
    waiting = await of_state(world, "PENDING_APPROVAL")
    async with desk(
        tmp_path / "approver", world, "approver", language=language, screen=ReviewScreen(waiting.contract_id)
    ) as hand:
        await reach(hand, "ReviewScreen")
        await hand.press("v")
        await reach(hand, "Confirm")
        await look(hand, "guarantor-approve")
