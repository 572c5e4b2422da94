"""Breaks Japanese text into lines (JIS X 4051, simplified): what may not begin or end a line stays with its
neighbour.

Western words and numbers stay whole unless one is longer than a line. A closing mark that would begin a line
pulls the character before it down.
"""

from collections.abc import Callable
from typing import Final

from tashika_server.documents.coverage import Glyph

_NOT_AT_START: Final = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々〻ー’”）〕］｝〉》」』】〙〗〟»‐゠–〜～ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    ",.:;?!)]}%％℃円様号㎡"
)
_NOT_AT_END: Final = frozenset("‘“（〔［｛〈《「『【〘〖〝«([{¥￥$＄№第")
# A run of these is one word: Latin letters, digits, and what joins them in numbers, codes and addresses.
_WORD: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.,/:@_+#%&=?~'")
_SPACES: Final = frozenset(" \u3000")


def wrap(glyphs: list[Glyph], width: Callable[[Glyph], float], limit: float) -> list[list[Glyph]]:
    """Lines of at most `limit`, in the unit that `width` gives. An empty text is one empty line."""
    lines: list[list[Glyph]] = []
    start = 0
    while start < len(glyphs):
        end = _fitting(glyphs, start, width, limit)
        if end < len(glyphs):
            end = _break_before(glyphs, start, end)
        lines.append(glyphs[start:end])
        start = end
    return lines or [[]]


def _fitting(glyphs: list[Glyph], start: int, width: Callable[[Glyph], float], limit: float) -> int:
    """The end of the longest line that fits; at least one glyph, and spaces may hang over."""
    used = 0.0
    for index in range(start, len(glyphs)):
        used += width(glyphs[index])
        if used > limit + 1e-6 and index > start and glyphs[index].text not in _SPACES:
            return index
    return len(glyphs)


def _break_before(glyphs: list[Glyph], start: int, end: int) -> int:
    """The last allowed break at or before `end`; `end` itself if none leaves half a line."""
    for index in range(end, start + (end - start) // 2, -1):
        if _allowed(glyphs[index - 1].text, glyphs[index].text):
            return index
    return end


def _allowed(before: str, after: str) -> bool:
    if after in _NOT_AT_START or before in _NOT_AT_END:
        return False
    return not (before in _WORD and after in _WORD)
