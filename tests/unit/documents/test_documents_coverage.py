"""Every character is printed as it is, or refused by name."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_server.documents.coverage import Coverage, clusters
from tashika_server.documents.errors import MissingGlyphError
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import SANS, SERIF
from tests.unit.documents import samples


@pytest.fixture(scope="module")
def coverage(library: FaceLibrary) -> Coverage:
    return library.coverage


def test_rare_names_have_glyphs(coverage: Coverage) -> None:
    texts = {"a": samples.RARE_COMPANY, "b": samples.RARE_REPRESENTATIVE, "c": samples.LONG_NAME}
    assert coverage.missing(texts) == []


def test_every_kanji_of_jis_x_0213_has_a_glyph(coverage: Coverage) -> None:
    def known(code: int) -> bool:
        try:
            chr(code).encode("shift_jis_2004")
        except UnicodeEncodeError:
            return False
        return True

    kanji = [
        c for first, end in ((0x3400, 0xA000), (0x20000, 0x2FA20)) for c in range(first, end) if known(c)
    ]
    assert len(kanji) > 9_900
    assert coverage.missing({"kanji": "".join(map(chr, kanji))}) == []


@pytest.mark.parametrize(
    "character",
    [
        "\n", "\x00", "\u200b", "\u202e", "\ufeff", "\ufe0f", "\u3099", "\u0301", "\ue000", "\U000f0000",
        "\U000fe041", "\U000e0001", "\ud800", "\U0001f3d7", "葛\U000e01ee", "葛\U000e0100\U000e0101", " \u3099",
        "\u00ad", "\u2028",
    ],
)  # fmt: skip
def test_what_is_invisible_unknown_or_private_is_refused_by_name(coverage: Coverage, character: str) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        coverage.check({"works.name": f"工事{character}名"})
    assert caught.value.field == "works.name"
    assert f"U+{ord(character[-1]):04X}" in str(caught.value)


def test_a_variation_sequence_has_its_own_outline_and_keeps_its_text(coverage: Coverage) -> None:
    plain, variant = coverage.glyphs("葛葛\U000e0100", SERIF, "name")
    assert plain.code != variant.code
    assert variant.text == "葛\U000e0100"


def test_a_compatibility_ideograph_is_not_normalised(coverage: Coverage) -> None:
    assert [glyph.text for glyph in coverage.glyphs("神\ufa19", SERIF, "name")] == ["神", "\ufa19"]


def test_what_one_face_lacks_comes_from_the_other(coverage: Coverage, library: FaceLibrary) -> None:
    only_sans = "\u670c"
    assert coverage._maps[SERIF].code(only_sans) is None, "choose another character: both faces have this one"
    assert coverage.glyphs(only_sans, SERIF, "name")[0].face == SANS


def test_half_width_digits_are_all_half_an_em(coverage: Coverage, library: FaceLibrary) -> None:
    digits = coverage.half_width("0123456789ABCXYZ-", SANS, "key")
    assert {round(library.faces[SANS].width(glyph.code)) for glyph in digits} == {500}


@given(st.text(max_size=40))
def test_clusters_joined_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


def test_the_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(MissingGlyphError("葛\U000e01ee", "principal.company")))
    assert (error.character, error.field) == ("葛\U000e01ee", "principal.company")
    assert str(error) == "no font has a glyph for U+845B U+E01EE in principal.company"
