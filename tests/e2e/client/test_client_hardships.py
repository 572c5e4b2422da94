"""What goes wrong while somebody works: the client in a real terminal of 80x24, on a real server."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tashika_server.application.ports import Change, Done, Ids, UnitOfWork
from tashika_tui.client import records
from tashika_tui.client.endpoint import parse_endpoint
from tashika_tui.client.gateway import GrpcGateway
from tests.e2e.cli.emulated import Shown
from tests.e2e.client import strokes
from tests.e2e.client.founding import PASSWORD
from tests.e2e.client.kept_server import KeptServer, kept_server
from tests.e2e.client.seated import seated
from tests.e2e.client.stage import Stage, real
from tests.support.clock import MovableClock

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("strokes")]

LOGIN = {"login_name": "keiri", "password": PASSWORD}
NAME = "手賀沼遊歩道照明灯更新工事"
LOST = ("接続し直しています", "接続が切れました")
EXPIRED = "ログインの期限が切れました"
LEFT, DOWN, F3, SAVE, LEAVE = "\x1b[D", "\x1b[B", "\x1bOR", "\x13", "\x11"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A real server with people."""
    async with real(tmp_path_factory.mktemp("register")) as made:
        yield made


def paste(text: str) -> str:
    """What a terminal sends for a paste, whatever is in it."""
    return f"\x1b[200~{text}\x1b[201~"


def begin(shown: Shown) -> None:
    """From the first screen into the name of new works in a new application."""
    shown.until("> ログイン名")
    strokes.play(shown, strokes.Job("", "", 0, strokes.LOGIN), LOGIN)
    for sends, then in (
        ("1", "登録者名"),
        (F3, "< 選んでください >"),
        (LEFT, "新しい工事を入力する"),
        (DOWN, "> 工事名"),
    ):
        shown.types(sends)
        shown.until(then)


async def drafts(address: str) -> list[records.Contract]:
    """The drafts of who is at the client, read as this person."""
    async with GrpcGateway(parse_endpoint(address), "ja", "") as register:
        register.use_token((await register.create_session(LOGIN["login_name"], PASSWORD)).token)
        page = await register.list_contracts(
            records.ContractFilter(state="DRAFT"), records.PageRequest(size=200)
        )
        return [await register.get_contract(row.contract_id) for row in page.items]


def works_names(contracts: list[records.Contract]) -> list[str]:
    return [one.application.works.name for one in contracts if one.application.works is not None]


async def test_a_server_that_is_killed_and_comes_back_costs_nothing_that_was_typed(tmp_path: Path) -> None:
    data = tmp_path / "register"
    async with real(data):
        # Its people are all that is needed of it.
        pass
    with (
        tempfile.TemporaryDirectory(prefix="tashika-") as sockets,
        kept_server(data / "data", Path(sockets) / "s") as server,
    ):
        await asyncio.to_thread(killed_in_a_form, server, tmp_path)
        assert works_names(await drafts(server.address)) == [NAME]


def killed_in_a_form(server: KeptServer, home: Path) -> None:
    with seated(server.address, home) as shown:
        begin(shown)
        shown.types(NAME[:5])
        shown.until(NAME[:5])
        server.kill()
        shown.until(LOST[0])
        shown.types(NAME[5:])
        shown.until(NAME)
        server.start()
        shown.until_gone(*LOST)
        assert NAME in shown.line("> 工事名")
        shown.types(SAVE)
        shown.until("一時保存しました")
        shown.types(LEAVE)
        assert shown.near.ends() == 0


async def test_a_session_that_expires_over_a_form_is_begun_again_over_it(tmp_path: Path) -> None:
    clock = MovableClock()
    async with real(tmp_path / "register", clock) as stage:
        await asyncio.to_thread(expired_in_a_form, stage.address, clock, tmp_path)
        assert works_names(await drafts(stage.address)) == [NAME]


def expired_in_a_form(address: str, clock: MovableClock, home: Path) -> None:
    with seated(address, home) as shown:
        begin(shown)
        shown.types(NAME)
        shown.until(NAME)
        clock.move(timedelta(hours=2))
        shown.types(SAVE)
        shown.until(EXPIRED)
        shown.types(paste(PASSWORD))
        shown.types("\r")
        shown.until("一時保存しました")
        assert NAME in shown.text()
        shown.types(LEAVE)
        assert shown.near.ends() == 0
    clock.move(timedelta(hours=13))
    with seated(address, home) as shown:
        # The next day the name stands there already.
        shown.until("> パスワード")
        assert LOGIN["login_name"] in shown.line("* ログイン名")
        strokes.play(shown, strokes.Job("", "", 2, strokes.LOGIN_AGAIN), LOGIN)
        shown.types(LEAVE)
        assert shown.near.ends() == 0


async def test_names_with_escapes_are_shown_as_text(stage: Stage, tmp_path: Path) -> None:
    contract = await stage.draft(works_name="大青田排水路改修工事")
    await spoil_names(stage, contract, "\x1b]0;TAKEN\x07\x1b[2J悪\u202e名\x9b31m")

    def work() -> bytes:
        with seated(stage.address, tmp_path) as shown:
            shown.until("> ログイン名")
            strokes.play(shown, strokes.Job("", "", 0, strokes.LOGIN), LOGIN)
            shown.until("<U+001B>]0;TAKEN<U+0007>")
            shown.types("1")
            shown.until("<U+001B>[2J悪<U+202E>名<U+009B>31m")
            assert "TAKEN" not in shown.screen.title
            shown.types(LEAVE)
            assert shown.near.ends() == 0
            return shown.near.shown

    written = await asyncio.to_thread(work)
    for acting in ("\x1b]0;TAKEN", "\x1b[2J悪", "\u202e", "\x9b"):
        assert acting.encode() not in written


async def spoil_names(stage: Stage, contract: records.Contract, name: str) -> None:
    """Gives the works of a draft and the company that applies a name that no server takes from anybody any more."""
    assert stage.host is not None

    def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        change = Change("works.update", "usr_test", "org_test", "test")
        held = uow.contracts.get(contract.contract_id)
        assert held is not None and held.application.works is not None
        works = replace(held.application.works, name=name)
        uow.contracts.save(replace(held, application=replace(held.application, works=works)), change)
        company = uow.organizations.get(held.organization_id)
        assert company is not None
        uow.organizations.save(replace(company, name=name), change)
        return Done(None)

    await stage.host.kit.store.run(command)


async def test_a_paste_of_a_megabyte_is_cut_and_what_would_act_in_it_goes(
    stage: Stage, tmp_path: Path
) -> None:
    before = set(works_names(await drafts(stage.address)))
    acting = "\x1b]0;TAKEN\x07\x1b[31m\x1b[2J\x9b2J\u202e"

    def work() -> bytes:
        with seated(stage.address, tmp_path) as shown:
            begin(shown)
            shown.types(paste(acting + "増尾城址公園園路" + acting + "改修工事" * 100_000))
            shown.until("長すぎる部分や使えない文字")
            shown.until("改修工事改修工事")
            shown.types("\x7f" * 5)
            shown.types(SAVE)
            shown.until("一時保存しました")
            assert "TAKEN" not in shown.screen.title
            shown.types(LEAVE)
            assert shown.near.ends() == 0
            return shown.near.shown

    written = await asyncio.to_thread(work)
    for bad in ("\x1b]0;TAKEN", "\u202e", "\x9b"):
        assert bad.encode() not in written
    (name,) = set(works_names(await drafts(stage.address))) - before
    assert name.isprintable() and len(name) <= 200
    assert name.startswith("]0;TAKEN[31m[2J2J増尾城址公園園路]0;TAKEN[31m[2J2J改修工事改修")
