"""Screens and dialogs on each other: what ends one leaves the others as they are."""

import asyncio
from pathlib import Path
from typing import Any

from tashika_tui.failure import Failure
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.entries import Entry
from tashika_tui.screens.help import HelpScreen
from tashika_tui.screens.menu import MenuScreen
from tashika_tui.widgets.dialogs import Confirm, ErrorDialog
from tests.tui.running import Hand, running
from tests.tui.sample_screens import FormScreen, ListScreen
from tests.tui.tiny import Keyset


class Sending(FormScreen):
    """Sends until the test says that the answer came, and then goes."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = asyncio.Event()

    async def _submit(self) -> None:
        await self.answer.wait()
        self.submitted.append(self.form.values)
        self.form.mark_saved()
        self.dismiss()


def stack(hand: Hand) -> list[type[Any]]:
    return [type(screen) for screen in hand.app.screen_stack[1:]]


async def test_an_answer_that_comes_under_the_help_closes_the_form_and_not_the_help(tmp_path: Path) -> None:
    below, screen = ListScreen(Keyset(3)), Sending()
    async with running(tmp_path, screen=below) as hand:
        await hand.app.push_screen(screen)
        await hand.press("f10", "f1")
        assert stack(hand) == [ListScreen, Sending, HelpScreen]
        screen.answer.set()
        await hand.until(lambda: screen.submitted)
        await hand.settle()
        assert stack(hand) == [ListScreen, Sending, HelpScreen]
        await hand.press("escape")
        await hand.until(lambda: stack(hand) == [ListScreen])


async def test_a_dialog_that_is_answered_twice_ends_once(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        dialog = Confirm("?", "yes")
        answers: list[bool | None] = []
        await hand.app.push_screen(dialog, answers.append)
        dialog.dismiss(True)
        dialog.dismiss(True)
        await hand.settle()
        assert stack(hand) == [FormScreen] and answers == [True]


async def test_who_leaves_a_form_leaves_that_form_whatever_came_up_meanwhile(tmp_path: Path) -> None:
    below, screen = ListScreen(Keyset(3)), FormScreen()
    async with running(tmp_path, screen=below) as hand:
        await hand.app.push_screen(screen)
        await hand.press("tab")
        await hand.paste("1000")
        await hand.press("escape")
        question = hand.app.screen
        assert isinstance(question, Confirm)
        question.dismiss(True)
        hand.app.push_screen(ErrorDialog(Failure("something else")))
        await hand.settle()
        assert stack(hand) == [ListScreen]


async def test_leaving_again_and_again_asks_once(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        await hand.paste("1000")
        await hand.press("ctrl+q", "ctrl+q", "ctrl+q")
        assert stack(hand) == [FormScreen, Confirm]
        await hand.press("n")
        assert stack(hand) == [FormScreen]


async def test_a_list_left_at_once_leaves_nothing_behind(tmp_path: Path) -> None:
    entries = (Entry("contracts", lambda _: ListScreen(Keyset(3)), frozenset({"CONTRACTOR"})),)
    async with running(tmp_path, entries=entries) as hand:
        await hand.sign_in()
        await hand.rush(*["1", "escape"] * 5)
        assert stack(hand) == [MenuScreen]


class Counting(BaseScreen[None]):
    """Has nothing to show, and says when it was asked to load."""

    TITLE = "heading.works"

    def __init__(self) -> None:
        super().__init__()
        self.loads = 0

    async def load(self) -> None:
        self.loads += 1


async def test_a_screen_that_is_gone_does_not_load(tmp_path: Path) -> None:
    screen = Counting()
    async with running(tmp_path, screen=screen) as hand:
        assert screen.loads == 1
        await hand.press("escape")
        screen.load_now()
        await hand.settle()
        assert screen.loads == 1


async def test_the_result_of_a_covered_dialog_arrives_when_it_is_uncovered(tmp_path: Path) -> None:
    async with running(tmp_path, screen=FormScreen()) as hand:
        question, above = Confirm("?", "yes"), ErrorDialog(Failure("something else"))
        answers: list[bool | None] = []
        await hand.app.push_screen(question, answers.append)
        await hand.app.push_screen(above)
        question.dismiss(True)
        await hand.settle()
        assert answers == []
        await hand.press("enter")
        assert answers == [True] and stack(hand) == [FormScreen]


async def test_leaving_before_the_answer_is_there_asks_first(tmp_path: Path) -> None:
    below, screen = ListScreen(Keyset(3)), Sending()
    async with running(tmp_path, screen=below) as hand:
        await hand.app.push_screen(screen)
        await hand.press("f10", "escape")
        assert stack(hand) == [ListScreen, Sending, Confirm] and "処理の途中です" in hand.words
        await hand.press("n")
        assert stack(hand) == [ListScreen, Sending]
        await hand.press("ctrl+q")
        assert stack(hand) == [ListScreen, Sending, Confirm]
        screen.answer.set()
        await hand.until(lambda: screen.submitted)
        await hand.press("n")
        await hand.until(lambda: stack(hand) == [ListScreen])


async def test_who_does_not_want_to_wait_leaves(tmp_path: Path) -> None:
    below, screen = ListScreen(Keyset(3)), Sending()
    async with running(tmp_path, screen=below) as hand:
        await hand.app.push_screen(screen)
        await hand.press("f10", "escape", "y")
        assert stack(hand) == [ListScreen] and not screen.submitted


async def test_who_waits_for_a_screen_that_is_left_goes_on(tmp_path: Path) -> None:
    class Asking(Counting):
        KEYS = ("submit",)

        def __init__(self) -> None:
            super().__init__()
            self.answers: list[Any] = []

        def action_submit(self) -> None:
            self.perform(self._submit)

        async def _submit(self) -> None:
            self.answers.append(await self.client.push_screen_wait(Counting()))

    screen = Asking()
    async with running(tmp_path, screen=screen) as hand:
        for times in (1, 2):
            await hand.press("f10")
            assert stack(hand) == [Asking, Counting]
            await hand.press("escape")
            assert stack(hand) == [Asking] and screen.answers == [None] * times
