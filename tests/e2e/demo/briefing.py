"""The README's table of the briefing: its rows, as people would follow them."""

import re
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[3] / "README.md"
HEADING = "## 説明会の項目ごとの見かた"

NOBODY = "—"

_CODE = re.compile(r"`([^`]+)`")
_SENT = {
    "Enter": "\r",
    "Tab": "\t",
    "→": "\x1b[C",
    "PgDn": "\x1b[6~",
    "F4": "\x1bOS",
    "F6": "\x1b[17~",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: which line of the briefing, who shows it (empty: somebody without an account), how, and what appears."""

    line: str
    about: str
    who: str
    how: tuple[str, ...]
    seen: tuple[str, ...]

    @property
    def is_command(self) -> bool:
        """Whether it is a command for the shell, not keys in the client."""
        return self.how[0].startswith(("tashika ", "make "))

    def __str__(self) -> str:
        return f"{self.line}-{self.who or 'nobody'}-{self.how[0].split()[0]}"


def rows(text: str) -> list[Row]:
    """The table's rows in a text of the README."""
    section = text.partition(HEADING)[2].partition("\n## ")[0]
    lines = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("| K")]
    return [_row(*(cell.strip() for cell in cells)) for cells in lines]


def _row(line: str, about: str, who: str, how: str, seen: str) -> Row:
    return Row(
        line,
        about,
        "" if who == NOBODY else _CODE.findall(who)[0],
        tuple(_CODE.findall(how)),
        tuple(_CODE.findall(seen)),
    )


def sent(key: str, values: dict[str, str]) -> str:
    """What a terminal sends for a key, or for a name in capitals: its value, in one paste."""
    if key in values:
        return f"\x1b[200~{values[key]}\x1b[201~"
    return _SENT.get(key, key)


def filled(text: str, values: dict[str, str]) -> str:
    """The text with the values in place of their names."""
    for name, value in values.items():
        text = re.sub(rf"\b{name}\b", value, text)
    return text
