"""Metrics and subsets of the embedded faces. reportlab parses the TrueType file and cuts the subset.

The font object is a Type 0 font with two-byte codes, one code for each distinct cluster of the document. So a
ToUnicode entry can hold the exact text of a cluster, supplementary characters and variation selectors
included, which reportlab's own simple fonts can't (it writes `<20BB7>` for U+20BB7, and readers take it for
two characters).
"""

from io import BytesIO
from typing import Any, Final

from reportlab.pdfbase.ttfonts import TTFontFace

from tashika_server.documents.coverage import Coverage, Glyph
from tashika_server.documents.fonts import FACES, FontSet
from tashika_server.documents.pdf import PdfFile, array, dictionary, number, reference, text_string

_BLOCK: Final = 100  # entries of one bfchar block (Adobe technical note 5411, section 1.4.1)


class _KeptTables(TTFontFace):
    """reportlab's face, which cuts each table out of the file at every use; the outlines alone are 7 MB."""

    def get_table(self, tag: str) -> bytes:
        kept: dict[str, bytes] = self.__dict__.setdefault("kept_tables", {})
        if tag not in kept:
            kept[tag] = super().get_table(tag)  # type: ignore[no-untyped-call]
        return kept[tag]


class Face:
    """One parsed face; parse once per process (25 ms)."""

    def __init__(self, name: str, truetype: bytes) -> None:
        self.name = name
        self.truetype = truetype
        self._face: Any = _KeptTables(BytesIO(truetype))
        self._widths: dict[int, float] = self._face.charWidths
        self._index: dict[int, int] = self._face.charToGlyph

    def width(self, code: int) -> float:
        """The advance in thousandths of the type size."""
        return self._widths[code]

    def glyph_index(self, code: int) -> int:
        """The index of the outline in the whole font."""
        return self._index[code]

    def subset(self, codes: list[int]) -> bytes:
        """A TrueType file whose glyph 0 is .notdef and then, in order, the distinct glyphs of `codes`."""
        data: bytes = self._face.makeSubset(codes)
        return data

    def descriptor(self, font_name: str, font_file: int) -> str:
        """The font descriptor dictionary; the flags say symbolic, as the codes are the document's own."""
        face = self._face
        return dictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{font_name}",
                "Flags": 4,
                "FontBBox": array([round(edge) for edge in face.bbox]),
                "ItalicAngle": number(face.italicAngle),
                "Ascent": number(face.ascent),
                "Descent": number(face.descent),
                "CapHeight": number(face.capHeight),
                "StemV": number(face.stemV),
                "FontFile2": reference(font_file),
            }
        )


class FaceLibrary:
    """The faces of a font set with their coverage, ready for use."""

    def __init__(self, fonts: FontSet) -> None:
        self.coverage = Coverage(fonts)
        self.faces = {name: Face(name, fonts.truetype(name)) for name in FACES}

    def width(self, glyphs: list[Glyph], size: float) -> float:
        """The width of a line in points."""
        return sum(self.faces[glyph.face].width(glyph.code) for glyph in glyphs) * size / 1000


class FaceUse:
    """What one document uses of one face: it gives each distinct cluster a code, in order of appearance."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._codes: dict[Glyph, int] = {}

    def code(self, glyph: Glyph) -> int:
        """The two-byte code of the cluster in the document; 0 stays .notdef and is never used."""
        return self._codes.setdefault(glyph, len(self._codes) + 1)

    def write(self, file: PdfFile, tag: str) -> int:
        """Add the font's objects to the file. `tag` is six capital letters, different for each subset."""
        name = f"{tag}+{FACES[self.face.name]}"
        glyphs = list(self._codes)
        order, gids = self._subset_order(glyphs)
        font_file = file.stream(data := self.face.subset(order), {"Length1": len(data)})
        descriptor = file.add(self.face.descriptor(name, font_file))
        gid_map = b"\0\0" + b"".join(gid.to_bytes(2, "big") for gid in gids)
        widths = [round(self.face.width(glyph.code)) for glyph in glyphs]
        descendant = {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": f"/{name}",
            "CIDSystemInfo": "<</Registry (Adobe)/Ordering (Identity)/Supplement 0>>",
            "FontDescriptor": reference(descriptor),
            "CIDToGIDMap": reference(file.stream(gid_map)),
            "DW": 1000,
            "W": f"[1 {array(widths)}]",
        }
        font = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": f"/{name}",
            "Encoding": "/Identity-H",
            "DescendantFonts": array([reference(file.add(dictionary(descendant)))]),
            "ToUnicode": reference(file.stream(_to_unicode(glyphs))),
        }
        return file.add(dictionary(font))

    def _subset_order(self, glyphs: list[Glyph]) -> tuple[list[int], list[int]]:
        """Code points to cut out, and for each glyph its index in the cut font (one index per distinct
        outline).
        """
        new_index = {0: 0}
        gids = []
        for glyph in glyphs:
            old = self.face.glyph_index(glyph.code)
            gids.append(new_index.setdefault(old, len(new_index)))
        return [glyph.code for glyph in glyphs], gids


def _to_unicode(glyphs: list[Glyph]) -> bytes:
    lines = [
        f"<{code:04X}> {text_string(glyph.text).replace('FEFF', '', 1)}"
        for code, glyph in enumerate(glyphs, 1)
    ]
    blocks = [lines[start : start + _BLOCK] for start in range(0, len(lines), _BLOCK)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")
