"""What makes the file PDF/A-3 (ISO 19005-3): metadata in XMP, an output intent, the attached statement."""

import hashlib
import struct
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from tashika_server.documents.pdf import PdfFile, dictionary, reference, text_string

PRODUCER: Final = "Tashika"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, subject and author as readers show them; `moment` (with a zone): creation and change."""

    title: str
    subject: str
    author: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF, associated with the whole document as its data."""

    name: str
    media_type: str
    description: str
    data: bytes


def info_dictionary(metadata: Metadata) -> str:
    """The document information dictionary; it repeats what XMP says, as clause 6.6.3 asks."""
    date = pdf_date(metadata.moment)
    return dictionary(
        {
            "Title": text_string(metadata.title),
            "Author": text_string(metadata.author),
            "Subject": text_string(metadata.subject),
            "Creator": text_string(PRODUCER),
            "Producer": text_string(PRODUCER),
            "CreationDate": date,
            "ModDate": date,
        }
    )


def pdf_date(moment: datetime) -> str:
    """A date string object such as (D:20251226000000+09'00')."""
    zone = moment.strftime("%z")
    return f"({moment.strftime('D:%Y%m%d%H%M%S')}{zone[:3]}'{zone[3:5]}')"


def xmp_packet(metadata: Metadata) -> bytes:
    """The metadata stream's content (XMP, ISO 16684-1)."""
    date = metadata.moment.isoformat(timespec="seconds")
    title, subject, author = (escape(text) for text in (metadata.title, metadata.subject, metadata.author))
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>ja-JP</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate><pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
    return packet.encode("utf-8")


def add_output_intent(file: PdfFile) -> int:
    """The output intent: all colours are sRGB."""
    profile = file.stream(srgb_profile(), {"N": 3})
    name = "(sRGB IEC61966-2.1)"
    return file.add(
        dictionary(
            {
                "Type": "/OutputIntent",
                "S": "/GTS_PDFA1",
                "OutputConditionIdentifier": name,
                "Info": name,
                "DestOutputProfile": reference(profile),
            }
        )
    )


def add_attachment(file: PdfFile, attachment: Attachment, moment: datetime) -> int:
    """The embedded file and its file specification; gives the number of the latter."""
    checksum = hashlib.md5(attachment.data, usedforsecurity=False).hexdigest()
    params = {"Size": len(attachment.data), "ModDate": pdf_date(moment), "CheckSum": f"<{checksum}>"}
    embedded = file.stream(
        attachment.data,
        {
            "Type": "/EmbeddedFile",
            "Subtype": "/" + attachment.media_type.replace("/", "#2F"),
            "Params": dictionary(params),
        },
    )
    name = text_string(attachment.name)
    return file.add(
        dictionary(
            {
                "Type": "/Filespec",
                "F": name,
                "UF": name,
                "Desc": text_string(attachment.description),
                "AFRelationship": "/Data",
                "EF": dictionary({"F": reference(embedded), "UF": reference(embedded)}),
            }
        )
    )


@cache
def srgb_profile() -> bytes:
    """An ICC profile of version 4 for sRGB: primaries adapted to D50, and the curve of IEC 61966-2-1."""
    curve = (
        b"para"
        + bytes(4)
        + struct.pack(">HH", 3, 0)
        + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    )
    tags = {
        b"desc": _text("sRGB"),
        b"cprt": _text("CC0"),
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        # The Bradford adaptation from D65, as a matrix so that the three columns add up to the white point.
        b"chad": b"sf32"
        + bytes(4)
        + _fixed(1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.7141),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset, table, bodies = 132 + 12 * len(tags), b"", b""
    for signature, body in tags.items():
        table += signature + struct.pack(">II", offset + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    header = struct.pack(
        ">II4s4s4s4s6H4s4s24x12s4s44x",
        offset + len(bodies),
        0,
        b"\x04\x20\0\0",
        b"mntr",
        b"RGB ",
        b"XYZ ",
        2024,
        1,
        1,
        0,
        0,
        0,
        b"acsp",
        bytes(4),
        _fixed(0.9642, 1.0, 0.8249),
        bytes(4),
    )
    return header[:4] + bytes(4) + header[8:] + struct.pack(">I", len(tags)) + table + bodies


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(x, y, z)


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data
