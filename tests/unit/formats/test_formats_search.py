"""Folding for searches: what clerks type finds what was entered, and any string at all can be folded."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_formats.search import fold, grams, grams_of_word, matches, searchable, words

TEXTS = st.text(st.characters(max_codepoint=sys.maxunicode), max_size=30)
NAMES = st.text("柏市髙﨑工事第ｱカ゛12３①㈱aＡ 　\n", max_size=20)


@pytest.mark.parametrize(
    ("typed", "entered"),
    [
        ("柏市", "千葉県柏市役所"),
        ("髙﨑", "㈱髙﨑建設"),
        ("高崎", "㈱髙﨑建設"),
        ("髙﨑", "高崎建設"),
        ("吉田", "𠮷田土木"),
        ("葛城", "葛\U000e0100城組"),
        ("ｶﾅ", "カナ工業"),
        ("ﾀﾞﾑ", "ダム改修"),
        ("たかさき", "タカサキ"),
        ("(株)", "㈱髙﨑建設"),
        ("12", "道整第１２号"),
        ("①", "第1工区"),
        ("1", "第①工区"),
        ("abc", "ＡＢＣ工区"),
        ("霞ケ関", "霞ヶ関庁舎"),
        ("01-23", "市道０１－２３号線"),
        ("吉田 葛男", "𠮷田　葛\U000e0100男"),
        ("吉田葛男", "𠮷田　葛\U000e0100男"),
        ("\x1b[31m柏", "[31m柏"),
    ],
)
def test_what_is_typed_finds_what_was_entered(typed: str, entered: str) -> None:
    assert matches(words(typed), searchable([entered]))


@pytest.mark.parametrize(
    ("typed", "entered"), [("柏市", "柏 松戸市"), ("AC", "ABC"), ("工事 柏", "柏市役所"), ("ー", "-")]
)
def test_what_is_not_part_of_it_is_not_found(typed: str, entered: str) -> None:
    assert not matches(words(typed), searchable([entered]))


def test_a_word_is_never_found_across_two_fields() -> None:
    assert not matches(words("市柏"), searchable(["流山市", "柏市"]))
    assert matches(words("流山 柏市"), searchable(["流山市", "柏市"]))


@pytest.mark.parametrize("nothing", ["", " 　\t\n", "\0", "\ud800", "\u200b\ufe00"])
def test_what_can_not_be_seen_asks_for_nothing(nothing: str) -> None:
    assert words(nothing) == ()


@given(TEXTS)
def test_any_text_folds_to_one_that_can_be_stored_and_folds_to_itself(text: str) -> None:
    folded = fold(text)
    assert "\0" not in folded
    folded.encode()
    assert fold(folded) == folded


@given(NAMES, NAMES)
def test_a_text_stands_under_every_gram_of_each_word_that_it_holds(text: str, typed: str) -> None:
    kept = searchable([text])
    for word in (*words(typed), *words(text)):
        if word in kept:
            assert set(grams_of_word(word)) <= grams(kept)
            assert any(gram.startswith(word[0]) for gram in grams(kept))


def test_grams_are_pairs_the_last_character_and_more_of_a_number() -> None:
    assert grams("柏市役\n123a") == {"柏市", "市役", "役", "12", "23", "3a", "123", "23a", "123a", "a"}
    assert grams("2-10号") == {"2-", "-1", "10", "0号", "号", "2-1", "-10", "10号", "2-10"}
    assert grams("") == frozenset()
    assert grams_of_word("123") == ("123", "12", "23")
    assert grams_of_word("第12号")[:2] == ("12号", "第12")
