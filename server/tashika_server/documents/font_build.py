"""Turns one OpenType face with CFF outlines into a TrueType face that reportlab can subset.

Only what a horizontal page needs is kept: the encoded glyphs, the glyphs of ideographic variation sequences,
and the half-width ASCII digits and letters. Hinting, layout tables and vertical metrics are dropped. Glyphs
that have no code point of their own get one in plane 15, which is why text from outside must never reach
plane 15 itself (`coverage` sees to it).

The output depends on the input file and the version of fontTools alone: no clock, no order of a set.
"""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.timeTools import timestampFromString
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

VARIANT_BASE = 0xF0000  # first private code point of the variation glyphs
HALF_WIDTH_BASE = 0xFE000  # the half-width form of U+0020..U+007E stands at this plus the character
# Half of a unit in 1000: at 24 points the outline is never off by more than 4 micrometres.
MAX_CURVE_ERROR = 0.5
_EPOCH = timestampFromString("Mon Jan  1 00:00:00 2024")
# Copyright, names, version, trademark, maker, licence: the OFL wants notices to stay with the font.
_KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14)


@dataclass(frozen=True, slots=True)
class BuiltFace:
    """The TrueType file, and the JSON map of what it covers (see `coverage.FaceMap`)."""

    truetype: bytes
    face_map: bytes


def build_face(source: Path) -> BuiltFace:
    """Convert `source` (an .otf file); 7-12 s for 18,000 glyphs."""
    font = TTFont(source, recalcTimestamp=False)
    cmap: dict[int, str] = font.getBestCmap()
    variants, defaults = _variation_sequences(font, cmap)
    half_width = _half_width(font, cmap)
    encoded = dict(cmap)
    for index, name in enumerate(sorted(set(variants.values()))):
        encoded[VARIANT_BASE + index] = name
    encoded.update({HALF_WIDTH_BASE + code: name for code, name in half_width.items()})
    private = {name: VARIANT_BASE + i for i, name in enumerate(sorted(set(variants.values())))}
    return BuiltFace(
        truetype=_write(font, encoded),
        face_map=_face_map(
            cmap, {pair: private[name] for pair, name in variants.items()}, defaults, half_width
        ),
    )


Sequence = tuple[int, int]  # (base character, variation selector)


def _variation_sequences(font: Any, cmap: dict[int, str]) -> tuple[dict[Sequence, str], list[Sequence]]:
    """Sequences with a glyph of their own, and those that look like their base."""
    variants: dict[Sequence, str] = {}
    defaults: list[Sequence] = []
    for table in font["cmap"].tables:
        if table.format != 14:
            continue
        for selector, pairs in table.uvsDict.items():
            for base, name in pairs:
                if name is None or name == cmap.get(base):
                    defaults.append((base, selector))
                else:
                    variants[base, selector] = name
    return dict(sorted(variants.items())), sorted(defaults)


def _half_width(font: Any, cmap: dict[int, str]) -> dict[int, str]:
    """ASCII characters with a glyph in the feature `hwid`: half an em each, so digits stand in columns."""
    gsub = font["GSUB"].table
    found: dict[int, str] = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != "hwid":
            continue
        for index in record.Feature.LookupListIndex:
            for subtable in gsub.LookupList.Lookup[index].SubTable:
                mapping = getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
                for code in range(0x20, 0x7F):
                    if cmap.get(code) in mapping:
                        found.setdefault(code, mapping[cmap[code]])
    return dict(sorted(found.items()))


def _write(font: Any, encoded: dict[int, str]) -> bytes:
    wanted = set(encoded.values())
    order = [".notdef", *(n for n in font.getGlyphOrder() if n in wanted and n != ".notdef")]
    glyphs = _outlines(font, order)
    head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
    builder = FontBuilder(head.unitsPerEm, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupHead(
        unitsPerEm=head.unitsPerEm, created=_EPOCH, modified=_EPOCH, fontRevision=head.fontRevision
    )
    builder.setupGlyphOrder(order)
    builder.font["cmap"] = _cmap_table(encoded)
    builder.setupGlyf(glyphs, calcGlyphBounds=True)
    advances = font["hmtx"].metrics
    builder.setupHorizontalMetrics({n: (advances[n][0], getattr(glyphs[n], "xMin", 0)) for n in order})
    builder.setupHorizontalHeader(ascent=hhea.ascent, descent=hhea.descent, lineGap=hhea.lineGap)
    builder.setupOS2(
        sTypoAscender=os2.sTypoAscender,
        sTypoDescender=os2.sTypoDescender,
        sTypoLineGap=os2.sTypoLineGap,
        usWinAscent=os2.usWinAscent,
        usWinDescent=os2.usWinDescent,
        sCapHeight=os2.sCapHeight,
        sxHeight=os2.sxHeight,
        usWeightClass=os2.usWeightClass,
        fsType=os2.fsType,
        achVendID=os2.achVendID,
        fsSelection=os2.fsSelection & 0x7F,
        version=4,
    )
    builder.font["name"] = _names(font)
    builder.setupPost(keepGlyphNames=False)
    out = BytesIO()
    builder.font.save(out, reorderTables=None)
    return out.getvalue()


def _outlines(font: Any, order: list[str]) -> dict[str, Any]:
    source = font.getGlyphSet()
    glyphs: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(None)
        source[name].draw(Cu2QuPen(pen, MAX_CURVE_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    return glyphs


def _cmap_table(encoded: dict[int, str]) -> Any:
    subtable = CmapSubtable.newSubtable(12)
    subtable.platformID, subtable.platEncID, subtable.language = 3, 10, 0
    subtable.cmap = encoded
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, [subtable]
    return table


def _names(font: Any) -> Any:
    table = newTable("name")
    table.names = []
    for number in _KEPT_NAMES:
        text = font["name"].getDebugName(number)
        if text:
            table.setName(text, number, 3, 1, 0x409)
    return table


def _face_map(
    cmap: dict[int, str], variants: dict[Sequence, int], defaults: list[Sequence], half_width: dict[int, str]
) -> bytes:
    by_selector: dict[str, list[int]] = {}
    for base, selector in defaults:
        by_selector.setdefault(f"{selector:x}", []).append(base)
    document = {
        "format": "tashika-face-map/1",
        "ranges": _ranges(cmap),
        "variants": [[base, selector, private] for (base, selector), private in variants.items()],
        "default_variants": by_selector,
        "half_width": list(half_width),
    }
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode("ascii")


def _ranges(codes: dict[int, str]) -> list[list[int]]:
    """[first, last] pairs of consecutive code points."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def convert_face(face: str, source: Path) -> dict[str, bytes]:
    """Give the files of a face by name: the TrueType font and its map. Run in a process of its own."""
    built = build_face(source)
    return {f"{face}.ttf": built.truetype, f"{face}.json": built.face_map}
