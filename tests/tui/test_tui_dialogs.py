"""Dialogs begin with what changes nothing, and irreversible things are typed."""

from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult

from tashika_tui.client.records import File
from tashika_tui.i18n import say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.dialogs import Confirm, ErrorDialog, TextDialog
from tashika_tui.widgets.line_input import LineInput
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say
from tests.tui.running import running

PDF = File("お知らせ.pdf", "application/pdf", "", b"%PDF-1.7 test")


class Asking(BaseScreen[None]):
    """Asks what a test wants asked, and keeps the answer."""

    TITLE = "heading.works"
    KEYS = ("submit",)

    def __init__(self, question: Any) -> None:
        super().__init__()
        self.question = question
        self.answers: list[Any] = []

    def body(self) -> ComposeResult:
        yield Say("body")

    def action_submit(self) -> None:
        async def work() -> None:
            self.answers.append(await self.question(self))

        self.perform(work)


def confirm(screen: Asking) -> Any:
    return screen.confirm("取り下げますか。", "取り下げる")


def typed(screen: Asking) -> Any:
    return screen.confirm_typed("申し込みますか。", "申込", "申し込む")


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], False),
        (["escape"], False),
        (["n"], False),
        (["ｎ"], False),
        (["right", "enter"], True),
        (["tab", "space"], True),
        (["y"], True),
    ],
)
async def test_a_question_starts_on_no(tmp_path: Path, keys: list[str], answer: bool) -> None:
    screen = Asking(confirm)
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", *keys)
        assert screen.answers == [answer]


@pytest.mark.parametrize(
    ("text", "answers"), [("申込", [True]), (" 申 込 ", [True]), ("申込み", []), ("", []), ("申し込む", [])]
)
async def test_what_can_not_be_undone_is_typed(tmp_path: Path, text: str, answers: list[bool]) -> None:
    screen = Asking(typed)
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10")
        await hand.paste(text)
        await hand.press("enter")
        assert screen.answers == answers
        if not answers:
            await hand.press("tab", "tab", "enter")
            assert screen.answers == []
            assert "入力が違います" in hand.shown
            await hand.press("escape")
            assert screen.answers == [False]


async def test_a_number_may_be_typed_in_any_width(tmp_path: Path) -> None:
    screen = Asking(lambda screen: screen.confirm_typed("発行しますか。", "01250000001234", "発行する"))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10")
        await hand.paste("０１２５ 0000 001234")
        await hand.press("enter")
        assert screen.answers == [True]


async def test_a_key_pressed_twice_asks_once(tmp_path: Path) -> None:
    screen = Asking(confirm)
    async with running(tmp_path, screen=screen) as hand:
        screen.action_submit()
        screen.action_submit()
        await hand.settle()
        await hand.press("y")
        assert screen.answers == [True] and hand.app.screen is screen


async def test_a_line_of_text(tmp_path: Path) -> None:
    screen = Asking(lambda screen: screen.enter_text("理由", "前の"))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10")
        await hand.paste("理由です")
        await hand.press("enter", "f10", "escape")
        assert screen.answers == ["前の理由です", None]


async def test_a_choice_is_narrowed_by_typing(tmp_path: Path) -> None:
    choices = [Choice(str(number), f"第{number}支店") for number in range(200)]
    screen = Asking(lambda screen: screen.pick("支店", choices, "150"))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10")
        assert "> 第150支店" in hand.shown
        await hand.paste("７７")
        await hand.press("enter")
        await hand.press("f10", "down", "enter", "f10")
        await hand.paste("ない支店")
        assert "当てはまるものがありません" in hand.shown
        await hand.press("enter", "escape")
        assert screen.answers == ["77", "151", None]


async def test_a_document_is_saved_where_one_says(tmp_path: Path) -> None:
    screen = Asking(lambda screen: screen.deliver(PDF))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", "enter")
        assert screen.answers == [True] and "保存しました" in hand.words
        check_saved(tmp_path / "お知らせ.pdf")


async def test_a_file_that_stands_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "お知らせ.pdf").write_bytes(b"old")
    screen = Asking(lambda screen: screen.deliver(PDF))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", "enter")
        assert "既にあります" in hand.words
        await hand.press("enter")
        # Another place may be said now.
        assert isinstance(hand.app.screen, TextDialog)
        await hand.press("escape")
        assert screen.answers == [False] and (tmp_path / "お知らせ.pdf").read_bytes() == b"old"
        await hand.press("f10", "enter", "y")
        check_saved(tmp_path / "お知らせ.pdf")


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    screen = Asking(lambda screen: screen.deliver(PDF))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", "ctrl+u")
        await hand.paste(str(tmp_path / "nowhere" / "x.pdf"))
        await hand.press("enter")
        assert isinstance(hand.app.screen, ErrorDialog) and "nowhere" in hand.words
        await hand.press("escape")
        # The document is still there, and so is what was typed.
        assert isinstance(hand.app.screen, TextDialog) and "nowhere" in hand.words
        (tmp_path / "nowhere").mkdir()
        await hand.press("enter")
        assert screen.answers == [True]
        check_saved(tmp_path / "nowhere" / "x.pdf")


async def test_in_a_folder_that_is_said_no_file_is_replaced_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "お知らせ.pdf").write_bytes(b"old")
    screen = Asking(lambda screen: screen.deliver(PDF))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", "ctrl+u")
        await hand.paste(str(folder))
        await hand.press("enter")
        assert "folder/お知らせ.pdfは既にあります" in hand.words
        await hand.press("n")
        assert (folder / "お知らせ.pdf").read_bytes() == b"old"
        await hand.press("enter", "y")
        check_saved(folder / "お知らせ.pdf")


@pytest.mark.parametrize(
    "typed",
    ["a" * 300, "x/" * 200 + "y.pdf", "お知らせ.pdf/", "/proc/nothing.pdf", "~nobody-here/x.pdf", "x\0y"],
)
async def test_a_place_where_nothing_can_be_saved_is_said_and_asked_for_again(
    tmp_path: Path, typed: str
) -> None:
    (tmp_path / "お知らせ.pdf").write_bytes(b"old")
    screen = Asking(lambda screen: screen.deliver(PDF))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10")
        line = hand.app.screen.query_one(LineInput)
        line.value = typed
        await hand.press("enter")
        assert isinstance(hand.app.screen, ErrorDialog | Confirm)
        await hand.press("escape", "ctrl+u")
        await hand.paste("最後.pdf")
        await hand.press("enter")
        assert screen.answers == [True]
        check_saved(tmp_path / "最後.pdf")


async def test_a_place_that_is_not_said_in_full_lies_in_the_folder_that_was_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    screen = Asking(lambda screen: screen.deliver(PDF))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", "ctrl+u")
        await hand.paste("保証.pdf")
        await hand.press("enter")
        check_saved(tmp_path / "保証.pdf")
        assert str(tmp_path) in hand.words


async def test_a_name_from_the_server_cannot_choose_the_folder(tmp_path: Path) -> None:
    hostile = File("../../.ssh/authorized_keys", "", "", b"x")
    screen = Asking(lambda screen: screen.deliver(hostile))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10", "enter")
        assert (tmp_path / "authorized_keys").read_bytes() == b"x"


def check_saved(path: Path) -> None:
    assert path.read_bytes() == PDF.content
    assert path.stat().st_mode & 0o777 == 0o600


async def test_lines_of_a_dialog_are_shown_as_they_are(tmp_path: Path) -> None:
    lines = ["[bold]x[/bold]", "\x1b[2J", say("dialog.ok")]
    screen = Asking(lambda screen: screen.confirm("?", "yes", lines=lines))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("f10")
        assert "[bold]x[/bold]" in hand.shown and "<U+001B>[2J" in hand.shown
        await hand.press("escape")


async def test_a_short_message_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    async with running(tmp_path) as hand:
        hand.app.toast("[b]x\x1b[2J\u202ey")
        await hand.until(lambda: "x<U+001B>[2J<U+202E>y" in hand.words)
        assert "[b]" in hand.words
