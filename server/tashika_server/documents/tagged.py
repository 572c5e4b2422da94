"""A tagged document: what is drawn, and what it means (ISO 32000-1 section 14.8), written together.

Drawing takes points from the upper left corner of an A4 page; the file has them from the lower left.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from tashika_server.documents.archive import (
    Attachment,
    Metadata,
    add_attachment,
    add_output_intent,
    info_dictionary,
    xmp_packet,
)
from tashika_server.documents.coverage import Glyph
from tashika_server.documents.face import FaceLibrary, FaceUse
from tashika_server.documents.pdf import PdfFile, array, dictionary, number, reference, text_string

PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
LANGUAGE: Final = "ja-JP"

Colour = tuple[float, float, float]
BLACK: Final[Colour] = (0.0, 0.0, 0.0)


@dataclass(slots=True)
class Node:
    """An element of the structure tree: its tag, further dictionary entries, children and content marks."""

    tag: str
    entries: dict[str, str] = field(default_factory=dict)
    kids: list["Node | tuple[int, int]"] = field(default_factory=list)  # a tuple is (page index, mark)


class Page:
    """The content of one page."""

    def __init__(self, document: "Document", index: int) -> None:
        self._document = document
        self.index = index
        self.ground: list[str] = []  # drawn before all else, as decoration
        self.code: list[str] = []
        self.marks: list[Node] = []

    def text(
        self,
        x: float,
        y: float,
        glyphs: Sequence[Glyph],
        size: float,
        *,
        colour: Colour = BLACK,
        spacing: float = 0,
    ) -> None:
        """Draw a line with its baseline at `y`, `spacing` points wider after each glyph."""
        if not glyphs:
            return
        parts = [f"BT {_fill(colour)} {number(spacing)} Tc 1 0 0 1 {number(x)} {number(PAGE_HEIGHT - y)} Tm"]
        run: list[str] = []
        current = ""
        for glyph in glyphs:
            if glyph.face != current:
                if run:
                    parts.append(f"<{''.join(run)}> Tj")
                run, current = [], glyph.face
                parts.append(f"/{current} {number(size)} Tf")
            run.append(f"{self._document.code(glyph):04X}")
        parts.append(f"<{''.join(run)}> Tj ET")
        self.code.append(" ".join(parts))

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5, colour: Colour = BLACK
    ) -> None:
        """Draw a straight line."""
        self.code.append(
            f"{_stroke(colour)} {number(width)} w {number(x1)} {number(PAGE_HEIGHT - y1)} m "
            f"{number(x2)} {number(PAGE_HEIGHT - y2)} l S"
        )

    def rectangle(
        self, x: float, y: float, width: float, height: float, *, line: float, colour: Colour = BLACK
    ) -> None:
        """Draw the outline of a rectangle whose upper left corner is (x, y)."""
        self.code.append(f"{_stroke(colour)} {number(line)} w {_box(x, y, width, height)} S")

    def tint(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle in the ground, below a sample's mark and below all text."""
        self.ground.append(f"{_fill(colour)} {_box(x, y, width, height)} f")

    def content_stream(self, mark: str) -> bytes:
        """The page's operators: ground, the mark of a sample (origin in the middle of the page), content."""
        ground = list(self.ground)
        if mark:
            ground.append(f"q 1 0 0 1 {number(PAGE_WIDTH / 2)} {number(PAGE_HEIGHT / 2)} cm {mark} Q")
        return "\n".join(["/Artifact BMC", *ground, "EMC", *self.code]).encode("ascii")

    def paths(self, x: float, y: float, scale: float, operators: str) -> None:
        """Draw ready path operators whose origin goes to the point (x, y), y upwards from there."""
        self.code.append(
            f"q {scale:.5f} 0 0 {scale:.5f} {number(x)} {number(PAGE_HEIGHT - y)} cm {operators} Q"
        )

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is decoration: lines, frames, page numbers."""
        self.code.append("/Artifact BMC")
        yield
        self.code.append("EMC")

    @contextmanager
    def content(self, node: Node) -> Iterator[None]:
        """What is drawn inside is the content of `node`."""
        node.kids.append((self.index, len(self.marks)))
        self.code.append(f"/{node.tag} <</MCID {len(self.marks)}>> BDC")
        self.marks.append(node)
        yield
        self.code.append("EMC")


class Document:
    """Pages, structure and fonts of one document; `write` gives the file and ends it."""

    def __init__(self, library: FaceLibrary, metadata: Metadata) -> None:
        self.library = library
        self.metadata = metadata
        self.pages: list[Page] = []
        self.root = Node("Document")
        self.attachments: list[Attachment] = []
        self.mark = ""  # path operators across every page of a sample, their origin in its middle
        self._uses = {name: FaceUse(face) for name, face in library.faces.items()}
        self._stack = [self.root]

    def page(self) -> Page:
        """Begin a further page."""
        self.pages.append(Page(self, len(self.pages)))
        return self.pages[-1]

    def code(self, glyph: Glyph) -> int:
        """The code of a glyph in this document's fonts."""
        return self._uses[glyph.face].code(glyph)

    @contextmanager
    def element(self, tag: str, **entries: str) -> Iterator[Node]:
        """A structure element inside the current one. Entries are written as they stand."""
        node = Node(tag, entries)
        self._stack[-1].kids.append(node)
        self._stack.append(node)
        yield node
        self._stack.pop()

    def write(self) -> bytes:
        """The file. The same calls give the same bytes."""
        file = PdfFile()
        catalog, tree, pages_node = file.reserve(), file.reserve(), file.reserve()
        page_numbers = [file.reserve() for _ in self.pages]
        streams = [page.content_stream(self.mark) for page in self.pages]
        contents = [file.stream(stream) for stream in streams]
        fonts = {
            name: reference(use.write(file, f"TASHK{letter}"))
            for letter, (name, use) in zip("ABCDEF", self._uses.items(), strict=False)
        }
        resources = file.add(dictionary({"Font": dictionary(fonts)}))
        for page, object_number, content in zip(self.pages, page_numbers, contents, strict=True):
            file.put(object_number, _page_dictionary(page.index, pages_node, content, resources))
        kids = array([reference(object_number) for object_number in page_numbers])
        file.put(pages_node, dictionary({"Type": "/Pages", "Count": len(self.pages), "Kids": kids}))
        self._write_structure(file, tree, page_numbers)
        self._write_catalog(file, catalog, tree, pages_node)
        info = file.add(info_dictionary(self.metadata))
        return file.finish(catalog, info, self._file_id(streams))

    def _file_id(self, streams: list[bytes]) -> bytes:
        """An identifier from the content, since a random one would give other bytes each time."""
        digest = hashlib.sha256(xmp_packet(self.metadata))
        for part in (*streams, *(attachment.data for attachment in self.attachments)):
            digest.update(part)
        return digest.digest()[:16]

    def _write_structure(self, file: PdfFile, tree: int, page_numbers: list[int]) -> None:
        numbers: dict[int, int] = {}

        def put(node: Node, parent: int) -> int:
            own = numbers[id(node)] = file.reserve()
            kids = [
                dictionary({"Type": "/MCR", "Pg": reference(page_numbers[kid[0]]), "MCID": kid[1]})
                if isinstance(kid, tuple)
                else reference(put(kid, own))
                for kid in node.kids
            ]
            entries = {"Type": "/StructElem", "S": f"/{node.tag}", "P": reference(parent), **node.entries}
            file.put(own, dictionary({**entries, "K": array(kids)}))
            return own

        top = put(self.root, tree)
        nums: list[str] = []
        for page in self.pages:
            nums += [str(page.index), array([reference(numbers[id(node)]) for node in page.marks])]
        parents = file.add(dictionary({"Nums": array(nums)}))
        file.put(
            tree,
            dictionary(
                {
                    "Type": "/StructTreeRoot",
                    "K": reference(top),
                    "ParentTree": reference(parents),
                    "ParentTreeNextKey": len(self.pages),
                }
            ),
        )

    def _write_catalog(self, file: PdfFile, catalog: int, tree: int, pages_node: int) -> None:
        metadata = file.stream(
            xmp_packet(self.metadata), {"Type": "/Metadata", "Subtype": "/XML"}, compress=False
        )
        entries: dict[str, object] = {
            "Type": "/Catalog",
            "Pages": reference(pages_node),
            "Lang": f"({LANGUAGE})",
            "MarkInfo": "<</Marked true>>",
            "ViewerPreferences": "<</DisplayDocTitle true>>",
            "StructTreeRoot": reference(tree),
            "Metadata": reference(metadata),
            "OutputIntents": array([reference(add_output_intent(file))]),
        }
        files = [(a.name, reference(add_attachment(file, a, self.metadata.moment))) for a in self.attachments]
        if files:
            names = array([part for name, ref in sorted(files) for part in (text_string(name), ref)])
            entries["Names"] = dictionary({"EmbeddedFiles": dictionary({"Names": names})})
            entries["AF"] = array([ref for _, ref in files])
        file.put(catalog, dictionary(entries))


def _page_dictionary(index: int, parent: int, content: int, resources: int) -> str:
    return dictionary(
        {
            "Type": "/Page",
            "Parent": reference(parent),
            "MediaBox": array([0, 0, number(PAGE_WIDTH), number(PAGE_HEIGHT)]),
            "Resources": reference(resources),
            "Contents": reference(content),
            "StructParents": index,
            "Tabs": "/S",
        }
    )


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"{number(x)} {number(PAGE_HEIGHT - y - height)} {number(width)} {number(height)} re"


def _fill(colour: Colour) -> str:
    return " ".join(number(part) for part in colour) + " rg"


def _stroke(colour: Colour) -> str:
    return " ".join(number(part) for part in colour) + " RG"
