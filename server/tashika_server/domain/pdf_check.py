"""Whether bytes are a PDF: its outer form, without a parser that hostile bytes could lead astray."""

import re

from tashika_server.domain.reasons import Reason, refuse

_TAIL_BYTES = 2048
"""Where the end of a PDF is looked for; writers may leave some bytes behind it (ISO 32000-1, annex H note 18)."""

_SECTION_BYTES = 256
"""Within how many bytes the table begins where it is said to; without an end, blanks alone would take long to read."""

_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_SECTION = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")


def refuse_other_than_pdf(data: bytes, field: str) -> None:
    """Refuse with ATTACHMENT_NOT_PDF what does not begin, end and point to its own table as a PDF does."""
    if re.match(rb"%PDF-[12]\.\d", data) is None:
        raise refuse(Reason.ATTACHMENT_NOT_PDF, field, problem="HEADER")
    ends = _END.findall(data[-_TAIL_BYTES:])
    if not ends:
        raise refuse(Reason.ATTACHMENT_NOT_PDF, field, problem="END")
    start = int(ends[-1])
    if start >= len(data) or _SECTION.match(data, start, start + _SECTION_BYTES) is None:
        raise refuse(Reason.ATTACHMENT_NOT_PDF, field, problem="TABLE")
