"""The demo's own parts: flags, folders, its clock and timetable, and a script that does not hold."""

import ast
import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import grpc.aio
import pytest

from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import session_service_pb2_grpc
from tashika_server.demo import script
from tashika_server.demo.clock import DemoClock
from tashika_server.demo.folder import demo_folder
from tashika_server.demo.options import DemoOptions, DemoUsageError, check_options
from tashika_server.demo.progress import Progress
from tashika_server.demo.script.options import Credentials, ScriptOptions
from tashika_server.demo.script.play import play, prepare_out
from tashika_server.demo.timetable import Timetable

LONG_AGO = datetime(2025, 4, 1, tzinfo=UTC)
HERE = Path("out")


@pytest.mark.parametrize(
    "options",
    [
        DemoOptions(script=True),
        DemoOptions(out=HERE),
        DemoOptions(connect="unix:/x"),
        DemoOptions(script=True, out=HERE, connect="unix:/x", data=HERE),
        DemoOptions(script=True, out=HERE, connect="unix:/x", listen="unix:/y"),
        DemoOptions(script=True, out=HERE, connect="unix:/x", keep_serving=True),
    ],
)
def test_flags_that_do_not_go_together_are_refused(options: DemoOptions) -> None:
    with pytest.raises(DemoUsageError):
        check_options(options)


@pytest.mark.parametrize(
    "options",
    [
        DemoOptions(),
        DemoOptions(script=True, out=HERE, keep_serving=True, data=HERE, listen="unix:/y"),
        DemoOptions(script=True, out=HERE, connect="unix:/x", ca=HERE),
    ],
)
def test_flags_that_go_together_pass(options: DemoOptions) -> None:
    check_options(options)


def test_a_temporary_folder_is_private_and_goes_with_all_that_is_in_it() -> None:
    with demo_folder(None) as folder:
        parent = folder.data.parent
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700
        assert folder.keys.parent == parent
        folder.data.mkdir()
        (folder.data / "register.db").touch()
    assert not parent.exists()


@pytest.mark.parametrize("used", ["data", "data-keys"])
def test_samples_never_go_where_anything_lies(tmp_path: Path, used: str) -> None:
    (tmp_path / used).mkdir()
    (tmp_path / used / "file").touch()
    with pytest.raises(DemoUsageError), demo_folder(tmp_path / "data"):
        pass
    assert (tmp_path / used / "file").exists()


def test_the_clock_goes_on_from_where_it_was_set_and_never_back() -> None:
    clock = DemoClock(LONG_AGO)
    assert LONG_AGO <= clock.now() < LONG_AGO + timedelta(hours=1)
    later = LONG_AGO + timedelta(days=30)
    clock.move_to(later)
    clock.move_to(LONG_AGO)
    assert clock.now() >= later


def test_the_clock_is_never_ahead_of_the_machine() -> None:
    clock = DemoClock(LONG_AGO)
    clock.move_to(datetime.now(UTC) + timedelta(days=1))
    assert clock.now() <= datetime.now(UTC)
    clock.follow_machine()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


async def test_stories_go_by_the_clock_and_not_by_who_was_first() -> None:
    clock = DemoClock(LONG_AGO)
    timetable, told = Timetable(clock), []

    async def story(name: str, days: tuple[int, ...]) -> None:
        for day in days:
            await timetable.until(LONG_AGO + timedelta(days=day))
            told.append((day, name, clock.now().date()))

    timetable.add(LONG_AGO, partial(story, "a", (3, 9)))
    timetable.add(LONG_AGO + timedelta(days=1), partial(story, "b", (2, 5, 9)))
    await timetable.run()
    assert [(day, name) for day, name, _ in told] == [(2, "b"), (3, "a"), (5, "b"), (9, "a"), (9, "b")]
    assert [date for _, _, date in told] == [(LONG_AGO + timedelta(days=day)).date() for day, _, _ in told]


async def test_a_story_that_fails_ends_all_and_says_why() -> None:
    timetable, ended = Timetable(DemoClock(LONG_AGO)), []

    async def fails() -> None:
        await timetable.until(LONG_AGO + timedelta(days=1))
        raise LookupError("no orderer")

    async def waits() -> None:
        try:
            await timetable.until(LONG_AGO + timedelta(days=2))
        except asyncio.CancelledError:
            ended.append("waits")
            raise

    timetable.add(LONG_AGO, waits)
    timetable.add(LONG_AGO, fails)
    with pytest.raises(LookupError, match="no orderer"):
        await timetable.run()
    assert ended == ["waits"]


def test_progress_says_nothing_of_what_is_done_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("contracts", 2)
    progress.step()
    progress.step()
    progress.end()
    assert capsys.readouterr().err == ""


def test_a_folder_with_other_files_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    (tmp_path / "demo.json").touch()
    tmp_path.chmod(0o755)
    said: list[str] = []
    assert not prepare_out(tmp_path, said.append)
    assert str(tmp_path) in said[1]
    assert {path.name for path in tmp_path.iterdir()} == {"letter.txt", "demo.json"}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_folder_of_an_earlier_run_is_cleared_of_what_that_run_left(tmp_path: Path) -> None:
    assert prepare_out(tmp_path)
    for name in (
        "demo.json",
        "92260000000405-certificate.pdf",
        "92260000000405-fee-sheet.pdf",
        "trust/roots/root-1.pem",
    ):
        (tmp_path / name).touch()
    assert prepare_out(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_script_is_a_client_like_any_other() -> None:
    folder = Path(script.__file__).parent
    imported = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    ours = {name for name in imported if name.startswith(("tashika_server", "tashika_tui"))}
    assert {name for name in ours if not name.startswith("tashika_server.demo")} == set()
    # What of the demo stands outside of the script, and may import the server, is not reached either.
    beside = {name for name in ours if not name.startswith("tashika_server.demo.script")}
    assert beside == {"tashika_server.demo.passwords", "tashika_server.demo.sample_pdf"}


class RealServer(session_service_pb2_grpc.SessionServiceServicer):
    """Says that it is no demo."""

    async def GetServerInfo(self, request: object, context: object) -> sessions.GetServerInfoResponse:
        return sessions.GetServerInfoResponse(version="1", demo=False)


@asynccontextmanager
async def real_server(folder: Path) -> AsyncIterator[str]:
    server = grpc.aio.server()
    session_service_pb2_grpc.add_SessionServiceServicer_to_server(RealServer(), server)
    address = f"unix:{folder}/s"
    server.add_insecure_port(address)
    await server.start()
    yield address
    await server.stop(None)


def options(address: str, out: Path) -> ScriptOptions:
    return ScriptOptions(address, None, out, Credentials("operator", "secret-of-operator"), "{}")


async def test_the_script_never_plays_on_a_real_register(tmp_path: Path) -> None:
    said: list[str] = []
    async with real_server(tmp_path) as address:
        assert not await play(options(address, tmp_path / "out"), said.append)
    assert said[0].startswith("[ 1/")
    assert "not a demo server" in said[1]
    assert "serve --demo" in said[2]
    assert not (tmp_path / "out" / "demo.json").exists()


async def test_a_server_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    said: list[str] = []
    assert not await play(options(f"unix:{tmp_path}/nobody", tmp_path / "out"), said.append)
    assert "can't be reached" in said[1]
    assert "start the server" in said[2]


def test_credentials_are_not_shown() -> None:
    assert "secret-of-operator" not in repr(options("unix:/x", HERE))
