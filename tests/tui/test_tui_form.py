"""Forms: what is typed, what it means, and what is wrong with it."""

import datetime
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult

from tashika_tui.i18n import Texts, say
from tashika_tui.screens.base import BaseScreen
from tashika_tui.widgets.dialogs import PickDialog
from tashika_tui.widgets.form import Choice, Form
from tashika_tui.widgets.values import Field, Kind, Value, echo, parse, typed_as
from tests.tui.running import running
from tests.tui.sample_screens import FormScreen

DAY = datetime.date(2025, 12, 26)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.YEN, "１，２３４，５６７", 1_234_567),
        (Kind.YEN, "¥1,234,567円", 1_234_567),
        (Kind.YEN, "  ", None),
        (Kind.DAY, "令和7年12月26日", DAY),
        (Kind.DAY, "Ｒ７．１２．２６", DAY),
        (Kind.DAY, "2025/12/26", DAY),
        (Kind.COUNT, "１，０００", 1_000),
        (Kind.CODE, "０４－７１６７", "04-7167"),
        (Kind.CODE, "０４ー７１６７‐０００１", "04-7167-0001"),
        (Kind.TEXT, " 髙﨑㈱ ", "髙﨑㈱"),
        (Kind.TEXT, "ｶﾌﾞｼｷ", "ｶﾌﾞｼｷ"),
        (Kind.SECRET, " pass ", " pass "),
        (Kind.YES_NO, "yes", True),
    ],
)
def test_what_is_typed_is_understood(kind: Kind, typed: str, value: Value) -> None:
    assert parse(Field("x", kind), typed, "ja") == (value, None)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.YEN, "-5"),
        (Kind.YEN, "100万"),
        (Kind.YEN, "1,23"),
        (Kind.DAY, "2025-02-30"),
        (Kind.DAY, "平成40年1月1日"),
        (Kind.COUNT, "1.5"),
        (Kind.COUNT, "٣"),
        (Kind.COUNT, "1" * 50),
        (Kind.CODE, "口座"),
        (Kind.NUMBER, "01250000001235"),
        (Kind.KEY, "0000"),
        (Kind.TEXT, "あ" * 201),
        (Kind.TEXT, "吉\u202e田"),
    ],
)
def test_what_can_not_be_understood_has_a_sentence(kind: Kind, typed: str) -> None:
    value, problem = parse(Field("x", kind), typed, "ja")
    assert value is None and problem


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Kind.YEN, 1_234_567), (Kind.DAY, DAY), (Kind.COUNT, 2025), (Kind.YES_NO, False), (Kind.TEXT, "﨑")],
)
def test_a_value_stands_in_its_field_as_it_may_be_typed(kind: Kind, value: Value) -> None:
    assert parse(Field("x", kind), typed_as(kind, value), "ja")[0] == value


def test_what_was_understood_is_said_in_words() -> None:
    assert echo(Kind.DAY, DAY, Texts("ja")) == "令和7年12月26日"
    assert echo(Kind.YEN, 1_000, Texts("ja")) == "金 1,000 円"
    assert echo(Kind.TEXT, "x", Texts("ja")) == ""


async def test_a_required_field_complains_only_when_asked(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab", "tab", "tab")
        assert "入力してください" not in hand.shown
        await hand.press("f10")
        assert "入力に誤りが3か所あります" in hand.shown
        assert screen.submitted == []
        assert "> 保証金額" in hand.shown


async def test_the_next_problem_is_one_key_away(tmp_path: Path) -> None:
    async with running(tmp_path, screen=FormScreen()) as hand:
        await hand.press("f8")
        assert "> 保証金額" in hand.shown
        await hand.press("f8")
        assert "> 保証期間の終わり" in hand.shown
        await hand.press("f8", "f8")
        assert "> 保証金額" in hand.shown
        await hand.press("shift+f8")
        assert "> 工事名" in hand.shown


async def test_a_rule_over_several_fields_speaks_while_they_are_typed(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        await hand.paste("5000")
        screen.form.go_to("works.price_yen")
        await hand.settle()
        await hand.paste("400")
        assert "請負金額を超えています" in hand.shown
        await hand.paste("0000")
        assert "請負金額を超えています" not in hand.shown


async def test_what_the_server_says_goes_when_its_field_changes(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.show_problems(
            {"amount_yen": "上限は 100 円です。", "elsewhere": say("entering.required")}
        )
        await hand.settle()
        assert "上限は 100 円です" in hand.shown and not screen.form.complete()
        screen.form.go_to("amount_yen")
        await hand.settle()
        await hand.paste("99")
        assert "上限は" not in hand.shown


async def test_a_field_that_does_not_apply_is_not_there(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        assert "保証期間の始め" in hand.shown
        screen.form.go_to("period_on_signing")
        await hand.settle()
        await hand.press("left")
        assert "保証期間の始め" not in hand.shown
        assert screen.form.values["period_on_signing"] is True and "period_start" not in screen.form.values


async def test_choices_change_by_arrow_and_by_name(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("right")
        assert screen.form.values["product"] == "MIDTERM_PREPAYMENT"
        await hand.press("f4")
        await hand.paste("契約")
        await hand.press("enter")
        assert screen.form.values["product"] == "PERFORMANCE"
        await hand.press("enter", "escape")
        assert hand.app.screen is screen


async def test_changes_are_told_once_typing_stops(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        await hand.type("1234")
        await hand.until(lambda: screen.changes and screen.changes[-1]["amount_yen"] == 1_234)
        assert all(values["amount_yen"] is not None for values in screen.changes)


async def test_only_what_differs_from_the_saved_state_is_unsaved(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        assert not screen.form.dirty
        await hand.press("tab", "1")
        assert screen.form.dirty
        await hand.press("backspace")
        assert not screen.form.dirty
        screen.form.set_values({"works.name": "水路"})
        assert not screen.form.dirty and screen.form.values["works.name"] == "水路"


async def test_a_paste_of_a_megabyte_is_cut_and_said(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.go_to("works.name")
        await hand.settle()
        await hand.paste("長" * 350_000)
        assert len(screen.form.typed["works.name"]) <= 21
        assert "除きました" in hand.words


async def test_pasted_escape_sequences_are_dropped(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.go_to("works.name")
        await hand.settle()
        await hand.paste("\r\n\x1b[31m市道\x07\u202e改修\x1b]52;c;AAAA\x07\nsecond line")
        typed = screen.form.typed["works.name"]
        assert typed == "[31m市道改修]52;c;AAAA"
        assert "\x1b" not in hand.shown


async def test_a_name_keeps_its_exact_characters(tmp_path: Path) -> None:
    screen = FormScreen()
    name = "髙﨑𠮷葛\U000e0100㈱ｶﾞ"
    async with running(tmp_path, screen=screen) as hand:
        screen.form.go_to("works.name")
        await hand.settle()
        await hand.paste(name)
        await hand.press("tab")
        assert screen.form.values["works.name"] == name


async def test_an_amount_gets_its_separators_when_it_is_left(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        await hand.press("tab")
        await hand.paste("１２３４５６７")
        await hand.press("tab")
        assert screen.form.typed["amount_yen"] == "1,234,567"


async def test_a_choice_that_is_still_being_read_waits_instead_of_showing_none(tmp_path: Path) -> None:
    class Waiting(BaseScreen[None]):
        TITLE = "heading.guarantee"

        def body(self) -> ComposeResult:
            yield Form((Field("product", Kind.CHOICE, choices=None),))

    screen = Waiting()
    async with running(tmp_path, screen=screen) as hand:
        assert "< 読み込んでいます... >" in hand.shown
        await hand.press("left", "enter")
        assert hand.app.screen is screen
        screen.query_one(Form).set_choices("product", [Choice("PERFORMANCE", say("product.PERFORMANCE"))])
        await hand.until(lambda: isinstance(hand.app.screen, PickDialog))
        await hand.press("enter")
        assert screen.query_one(Form).values == {"product": "PERFORMANCE"}


@pytest.mark.parametrize(
    "text", [f"ABCDEFGHIJ{'x' * 100}0123456789", f"一二三四五六七八九十{'工' * 100}東西南北"]
)
async def test_a_line_longer_than_its_room_shows_the_part_around_the_cursor(
    tmp_path: Path, text: str
) -> None:
    class Long(BaseScreen[None]):
        TITLE = "heading.guarantee"

        def body(self) -> ComposeResult:
            yield Form((Field("works.name"), Field("works.place")))

    async with running(tmp_path, screen=Long()) as hand:
        await hand.paste(text)
        assert text[-4:] in hand.lines[1]
        await hand.press("home")
        assert text[:10] in hand.lines[1]


async def test_what_a_paste_loses_is_said_once(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.go_to("works.name")
        await hand.paste("\x1b[31m" + "市" * 100)
        assert hand.shown.count("長すぎる部分や使えない文字") == 1


async def test_the_wide_space_of_names_is_typed_like_any_letter(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.go_to("works.name")
        await hand.settle()
        for char in "髙﨑　花子":
            hand.app.post_message(events.Key("ideographic_space" if char == "　" else char, char))
        await hand.settle()
        assert screen.form.values["works.name"] == "髙﨑　花子"
        hand.app.post_message(events.Key("ideographic_space", "　"))
        await hand.press("home", "shift+right", "x")
        assert screen.form.typed["works.name"] == "x﨑　花子　"


async def test_what_a_server_puts_into_a_field_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.set_values(
            {"works.name": "堤\x1b[2J\x07防\u202eabc\x9b1m", "works.number": "\x1b]0;x\x07"}
        )
        for name in ("works.name", "works.number", "amount_yen"):
            screen.form.go_to(name)
            await hand.settle()
            assert not [char for char in hand.shown if char != "\n" and not char.isprintable()]


async def test_a_text_that_is_longer_than_its_line_shows_where_the_cursor_is(tmp_path: Path) -> None:
    screen = FormScreen()
    async with running(tmp_path, screen=screen) as hand:
        screen.form.set_values({"works.number": "はじめ" + "長" * 80 + "おわり"})
        screen.form.go_to("works.number")
        await hand.press("end")
        assert "おわり" in hand.shown and "はじめ" not in hand.shown
        await hand.press("home")
        assert "はじめ" in hand.shown
