"""QR codes as filled rectangles on a grid of whole numbers."""

from typing import Final

import segno

# Fixed, since trying all eight masks for the prettiest takes as long as the rest of a page; any mask can be
# read.
_MASK: Final = 2
QUIET_ZONE: Final = 4  # modules of white on each side (ISO/IEC 18004 section 9.1)


def qr_paths(text: str) -> tuple[int, str]:
    """Modules per side and path operators, one unit a module, from the lower left corner, y upwards."""
    code = segno.make(text, error="m", mask=_MASK, micro=False, boost_error=False)
    rows = list(code.matrix)
    size = len(rows)
    parts = ["0 0 0 rg"]
    for row, modules in enumerate(rows):
        column = 0
        while column < size:
            start = column
            while column < size and modules[column]:
                column += 1
            if column > start:
                parts.append(f"{start} {size - row - 1} {column - start} 1 re")
            column += 1
    return size, " ".join(parts) + " f"
