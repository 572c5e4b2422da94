"""How the city's screens look, in both languages, sizes and looks."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tashika_formats.key import make_key
from tashika_tui.client import records
from tashika_tui.client.fake import FakeRegister
from tashika_tui.client.fake.lifecycle import issue_papers
from tashika_tui.screens.viewer.opening import OpeningScreen
from tests.tui.running import reach
from tests.tui.snapshots import in_both_languages, look
from tests.tui.viewer.playing import Issued, an_issued, city, find_issued, open_with_key, opened


@pytest.fixture(scope="module")
def issued() -> Issued:
    """Made once: signing takes its time."""
    return an_issued()


class Spoiling(FakeRegister):
    """A register whose signatures are not the guarantor's."""

    async def open_certificate(self, contract_number: str, key: str) -> records.OpenedCertificate:
        found = await super().open_certificate(contract_number, key)
        return replace(found, statement_signature=found.statement_signature[:-1] + b"\0")


class Altering(FakeRegister):
    """A register whose files are not those that were opened."""

    async def download_viewed(self, viewing_token: str, version: int = 0) -> records.File:
        found = await super().download_viewed(viewing_token, version)
        return replace(found, sha256="0" * 64)


@in_both_languages
async def test_number_and_key(tmp_path: Path, language: str, issued: Issued) -> None:
    async with city(tmp_path, issued, language=language, screen=OpeningScreen()) as hand:
        await look(hand, "viewer-empty")
        await hand.paste(issued.number[:-1] + str((int(issued.number[-1]) + 1) % 10))
        await hand.press("enter")
        await hand.paste(issued.key[:7])
        await hand.press("f10")
        await look(hand, "viewer-typing-errors")
    async with city(tmp_path, issued, language=language, screen=OpeningScreen(issued.number)) as hand:
        await open_with_key(hand, make_key(bytes(12)))
        await reach(hand, "ErrorDialog")
        await look(hand, "viewer-refused")


@in_both_languages
async def test_certificate(tmp_path: Path, language: str, issued: Issued) -> None:
    async with city(tmp_path, issued, language=language, screen=OpeningScreen(issued.number)) as hand:
        await open_with_key(hand, issued.key)
        await opened(hand)
        await reach(hand, "CertificateScreen")
        await look(hand, "viewer-certificate")
        await hand.press("end")
        await look(hand, "viewer-certificate-end")
        await hand.press("ctrl+o")
        await reach(hand, "TextDialog")
        hand.app.screen.query_one("#typed").value = "/home/hanako/certificate.pdf"  # type: ignore[attr-defined]
        await look(hand, "viewer-save")


@in_both_languages
async def test_what_is_not_authentic(tmp_path: Path, language: str, issued: Issued) -> None:
    screen = OpeningScreen(issued.number)
    async with city(tmp_path, issued, Spoiling(issued.world), language=language, screen=screen) as hand:
        await open_with_key(hand, issued.key)
        await reach(hand, "ErrorDialog")
        await look(hand, "viewer-not-authentic")
    screen = OpeningScreen(issued.number)
    async with city(tmp_path, issued, Altering(issued.world), language=language, screen=screen) as hand:
        await open_with_key(hand, issued.key)
        await reach(hand, "CertificateScreen")
        await look(hand, "viewer-altered")


@in_both_languages
async def test_what_holds_no_more(tmp_path: Path, language: str) -> None:
    over = await find_issued("EXPIRED")
    async with city(tmp_path, over, language=language, screen=OpeningScreen(over.number)) as hand:
        await open_with_key(hand, over.key)
        await reach(hand, "CertificateScreen")
        await look(hand, "viewer-ended")


@in_both_languages
async def test_what_is_followed_by_another_version(tmp_path: Path, language: str) -> None:
    held = await find_issued()
    world = held.world
    waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    world.faults.pause = lambda method: waiting if method == "VerifyCertificate" else None
    async with city(tmp_path, held, language=language, screen=OpeningScreen(held.number)) as hand:
        await open_with_key(hand, held.key)
        await opened(hand)
        await look(hand, "viewer-verifying")
        contract = world.contract(world.numbers[held.number])
        assert contract is not None and contract.terms is not None
        terms = replace(contract.terms, amount_yen=(contract.terms.amount_yen or 0) * 2)
        world.save(issue_papers(world, replace(contract, terms=terms), world.now), "certificate.issue")
        waiting.set_result(None)
        await reach(hand, "CertificateScreen")
        await look(hand, "viewer-superseded")
    async with city(tmp_path, held, language=language, screen=OpeningScreen(held.number)) as hand:
        await open_with_key(hand, held.key)
        await reach(hand, "CertificateScreen")
        await hand.press("end")
        await look(hand, "viewer-versions")
        await hand.press("ctrl+o")
        await reach(hand, "PickDialog")
        await look(hand, "viewer-which-version")
