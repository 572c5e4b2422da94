"""Which characters can be printed, and with which glyph. Cheap: it needs neither reportlab nor the outlines.

A *cluster* is what one glyph stands for: a character, a character with a variation selector (葛 U+E0100), or
a kana with a combining voicing mark as some systems write file names. What is invisible or has no fixed look
(controls, format and private-use characters, stray marks) is refused, since it could make two different names
look the same.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tashika_server.documents.errors import FontError, MissingGlyphError
from tashika_server.documents.fonts import FACES, SANS, SERIF, FontSet

HALF_WIDTH_BASE: Final = 0xFE000  # as `font_build` lays it out
_CLUSTER: Final = re.compile("[\\s\\S][\ufe00-\ufe0f\U000e0100-\U000e01ef\u3099\u309a]*")
_JOINING: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u3099\u309a]")
_VOICING: Final = ("\u3099", "\u309a")
_REFUSED: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Mn", "Mc", "Me", "Zl", "Zp"})


class Glyph(NamedTuple):
    """One cluster as printed: its exact text, the face, and the face's code point for the outline."""

    text: str
    face: str
    code: int


class FaceMap:
    """What one face covers."""

    def __init__(self, data: bytes) -> None:
        document = json.loads(data)
        if document.get("format") != "tashika-face-map/1":
            raise FontError("the font map is of an unknown format")
        self._codes = {code for first, last in document["ranges"] for code in range(first, last + 1)}
        self._variants = {(base, selector): private for base, selector, private in document["variants"]}
        self._defaults = {
            (base, int(selector, 16))
            for selector, bases in document["default_variants"].items()
            for base in bases
        }
        self._half_width = frozenset(document["half_width"])

    def code(self, cluster: str) -> int | None:
        """The code point whose glyph shows the cluster, or None."""
        first = ord(cluster[0])
        if len(cluster) == 1:
            return first if first in self._codes and unicodedata.category(cluster) not in _REFUSED else None
        if len(cluster) > 2:
            return None
        if cluster[1] in _VOICING:
            composed = unicodedata.normalize("NFC", cluster)
            return ord(composed) if len(composed) == 1 and ord(composed) in self._codes else None
        pair = (first, ord(cluster[1]))
        return first if pair in self._defaults else self._variants.get(pair)

    def half_width(self, character: str) -> int | None:
        """The code point of the half-em form of an ASCII character, or None."""
        return HALF_WIDTH_BASE + ord(character) if ord(character) in self._half_width else None


class Coverage:
    """All faces together; finds the glyph for a text in the wanted face, else in the other."""

    def __init__(self, fonts: FontSet) -> None:
        self._maps = {face: FaceMap(fonts.face_map(face)) for face in FACES}
        # Bounded by what the fonts hold: 31,000 clusters each.
        self._known: dict[str, dict[str, Glyph]] = {face: {} for face in FACES}

    def glyphs(self, text: str, face: str, field: str) -> list[Glyph]:
        """The glyphs of `text`. Raises MissingGlyphError that names the first character without one."""
        known, result = self._known[face], []
        for cluster in clusters(text):
            glyph = known.get(cluster) or self._find(cluster, face)
            if glyph is None:
                raise MissingGlyphError(cluster, field)
            result.append(glyph)
        return result

    def half_width(self, text: str, face: str, field: str) -> list[Glyph]:
        """Like `glyphs`, but ASCII comes half an em wide, so that digits of numbers stand in columns."""
        result = []
        for glyph in self.glyphs(text, face, field):
            code = self._maps[glyph.face].half_width(glyph.text) if len(glyph.text) == 1 else None
            result.append(glyph if code is None else Glyph(glyph.text, glyph.face, code))
        return result

    def missing(self, texts: Mapping[str, str]) -> list[MissingGlyphError]:
        """Every character that can't be printed, with its field; each once per field."""
        known = self._known[SERIF]
        found = {
            (field, cluster): MissingGlyphError(cluster, field)
            for field, text in texts.items()
            for cluster in clusters(text)
            if cluster not in known and self._find(cluster, SERIF) is None
        }
        return list(found.values())

    def check(self, texts: Mapping[str, str]) -> None:
        """Raise MissingGlyphError for the first character of the texts (by field) that can't be printed."""
        for error in self.missing(texts):
            raise error

    def _find(self, cluster: str, face: str) -> Glyph | None:
        for name in (face, *_others(face)):
            code = self._maps[name].code(cluster)
            if code is not None:
                return self._known[face].setdefault(cluster, Glyph(cluster, name, code))
        return None


def clusters(text: str) -> Iterator[str]:
    """The clusters of a text, in order; joined again they are the text."""
    return iter(text) if _JOINING.search(text) is None else iter(_CLUSTER.findall(text))


def _others(face: str) -> Sequence[str]:
    return (SANS,) if face == SERIF else (SERIF,)
