import pytest

from tashika_formats.text import TextError, bad_characters, check_text, clean_text, describe


@pytest.mark.parametrize(
    "name",
    [
        "髙﨑 𠮷田",
        "葛\U000e0101城",
        "辻\ufe00",
        "㈱①",
        "か\u3099",
        "Ø Ltd.",
        "代表取締役　見本 花子",
        "\U00031350",
    ],
)
def test_names_keep_their_exact_code_points(name: str) -> None:
    assert clean_text(name, 40) == name


@pytest.mark.parametrize(
    ("char", "kind"),
    [
        ("\x00", "CONTROL"),
        ("\t", "CONTROL"),
        ("\n", "CONTROL"),
        ("\x1b", "CONTROL"),
        ("\x7f", "CONTROL"),
        ("\x85", "CONTROL"),
        ("\u2028", "CONTROL"),
        ("\ud800", "SURROGATE"),
        ("\udfff", "SURROGATE"),
        ("\u202e", "DIRECTION"),
        ("\u2066", "DIRECTION"),
        ("\u200f", "DIRECTION"),
        ("\u200b", "INVISIBLE"),
        ("\u200d", "INVISIBLE"),
        ("\u2060", "INVISIBLE"),
        ("\ufeff", "INVISIBLE"),
        ("\u00ad", "INVISIBLE"),
        ("\u3164", "INVISIBLE"),
        ("\U000e0041", "INVISIBLE"),
        ("\ue000", "PRIVATE_USE"),
        ("\U000f0000", "PRIVATE_USE"),
        ("\uffff", "NONCHARACTER"),
        ("\ufdd0", "NONCHARACTER"),
        ("\U0002fffe", "NONCHARACTER"),
        ("\ufffd", "REPLACEMENT"),
    ],
)
def test_a_character_that_hides_something_is_refused_and_named(char: str, kind: str) -> None:
    with pytest.raises(TextError) as caught:
        check_text(f"見本{char}市", 10)
    assert (caught.value.code, caught.value.kind, caught.value.position) == ("TEXT_CHARACTER", kind, 3)
    assert f"U+{ord(char):04X}" in caught.value.ja
    assert char not in caught.value.ja + caught.value.en, "the character itself is not shown"


@pytest.mark.parametrize("text", ["\U000e0101城", "葛\U000e0101\U000e0102", "葛 \ufe00", "葛\u200b\ufe00"])
def test_a_variation_selector_needs_a_character_before_it(text: str) -> None:
    assert [bad.kind for bad in bad_characters(text)][-1] == "SELECTOR"


def test_a_line_feed_stands_only_in_texts_of_several_lines() -> None:
    assert clean_text("一行\r\n二行\r三行", 20, multiline=True) == "一行\n二行\n三行"
    with pytest.raises(TextError):
        clean_text("一行\n二行", 20)


def test_white_space_at_the_ends_is_removed_on_input_and_refused_in_records() -> None:
    assert clean_text("　見本市 ", 5) == "見本市"
    with pytest.raises(TextError) as caught:
        check_text("見本市　", 5)
    assert caught.value.code == "TEXT_EDGE_SPACE"


def test_length_counts_code_points() -> None:
    check_text("𠮷" * 5, 5)
    with pytest.raises(TextError) as caught:
        check_text("𠮷" * 6, 5)
    assert caught.value.code == "TEXT_TOO_LONG"


def test_an_empty_text_needs_permission() -> None:
    assert clean_text(" ", 5, empty=True) == ""
    with pytest.raises(TextError) as caught:
        clean_text(" ", 5)
    assert caught.value.code == "TEXT_EMPTY"


def test_a_character_is_described_by_code_point_and_name() -> None:
    assert describe("髙") == "U+9AD9 CJK UNIFIED IDEOGRAPH-9AD9"
    assert describe("\x00") == "U+0000 <control character>"
