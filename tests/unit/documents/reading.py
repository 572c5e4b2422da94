"""What readers see in a PDF."""

from io import BytesIO

import pypdf


def text_of(pdf: bytes) -> str:
    """The text of all pages, without the line ends that layout made."""
    reader = pypdf.PdfReader(BytesIO(pdf))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def baselines(pdf: bytes) -> list[float]:
    """The height of each piece of text above the lower edge of its page, in points."""
    found: list[float] = []

    def visit(text: str, _cm: object, matrix: list[float], _font: object, _size: object) -> None:
        if text.strip():
            found.append(matrix[5])

    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return found
