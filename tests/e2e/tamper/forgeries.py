"""What people do to a PDF: with a further revision behind it, or written anew as a whole."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

# pyHanko comes without types.
_number: Any = generic.NumberObject
_dictionary: Any = generic.DictionaryObject


def with_revision(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The file with a revision behind it: what stands before stays byte for byte."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The file as an editor saves it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def append_page(writer: Any) -> None:
    """A further, empty page."""
    pages = writer.root["/Pages"]
    page = _dictionary(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            generic.pdf_name("/MediaBox"): _numbers(0, 0, 595, 842),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = _number(int(pages["/Count"]) + 1)
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


def annotate(writer: Any) -> None:
    """A note on the first page, beside what is there."""
    found, _ = writer.find_page_for_modification(0)
    page = found.get_object()
    note = _dictionary(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Contents"): generic.pdf_string("保証金額 90,000,000円"),
            generic.pdf_name("/Rect"): _numbers(100, 500, 300, 530),
        }
    )
    there = list(page["/Annots"]) if "/Annots" in page else []
    page["/Annots"] = generic.ArrayObject([*there, writer.add_object(note)])
    writer.update_container(page)


def strip_signature(pdf: pikepdf.Pdf) -> None:
    """No signature field, and no widget of it."""
    del pdf.Root["/AcroForm"]
    if "/Perms" in pdf.Root:
        del pdf.Root["/Perms"]
    for page in pdf.pages:
        if "/Annots" in page.obj:
            del page.obj["/Annots"]


def empty_signature(pdf: pikepdf.Pdf) -> None:
    """The field stays, its signature goes."""
    for signed in pdf.Root["/AcroForm"]["/Fields"]:
        del signed["/V"]


def blanked(data: bytes) -> bytes:
    """The signature's bytes are nought, all others as they were."""
    start = data.index(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    return data[:start] + b"0" * (end - start) + data[end:]


def save_page(pdf: pikepdf.Pdf) -> None:
    """A further page, saved by an editor."""
    pdf.add_blank_page()


def change_nothing(pdf: pikepdf.Pdf) -> None:
    """Opened and saved."""


def _numbers(*values: int) -> Any:
    return generic.ArrayObject([_number(value) for value in values])
