"""Text can't act on a terminal, and columns line up."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_tui.presenting.sheet import Section, sheet
from tashika_tui.terminal import json_text, pad, table, visible, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("柏市　橋りょう 葛\U000e0101城 が ㈱①", "柏市　橋りょう 葛\U000e0101城 が ㈱①"),
        ("\x1b]0;title\x07", "<U+001B>]0;title<U+0007>"),
        ("a\r\nb\tc", "a<U+000D><U+000A>b<U+0009>c"),
        ("\x9b31m", "<U+009B>31m"),
        ("abc\u202edcb", "abc<U+202E>dcb"),
        ("a\u2028b\u200bc", "a<U+2028>b<U+200B>c"),
        ("\ud83d", "<U+D83D>"),
    ],
)
def test_what_would_act_is_written_out_and_the_rest_kept(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_nothing_acting_is_left(text: str) -> None:
    left = visible(text)
    assert not [char for char in left if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@given(st.text(st.characters()))
def test_json_is_read_back_as_it_was_and_does_not_act(text: str) -> None:
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert not [
        char
        for char in written.replace("\n", "")
        if char != " " and unicodedata.category(char) in ("Cc", "Cs")
    ]


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("ｱｲ", 2), ("が", 2), ("葛\U000e0101", 2), ("", 0)]
)
def test_width_is_counted_in_columns(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(pad(text, 9)) == 9


def test_columns_line_up() -> None:
    assert table([["日本", "1"], ["abc", "1,000"]], right=(1,)) == ["日本      1", "abc   1,000"]


def test_a_sheet_leaves_out_what_is_empty() -> None:
    lines = sheet(
        [
            Section("", [("名", "甲"), ("無", "")]),
            Section("空", [("x", "")]),
            Section("表", [("長い名", "乙")]),
        ]
    )
    assert lines == ["  名      甲", "", "表", "  長い名  乙"]
