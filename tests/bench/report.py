"""What the bench says: rows with a ratio, what is held, and the processor time beside it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

LOAD_MISSING = "SKIPPED: install nghttp2-client (Debian) for h2load; without it no claim is made"


@dataclass(frozen=True)
class Row:
    """One line of the table. ``target`` is said in words; ``held`` is None where nothing is claimed.

    ``details`` are the figures behind the ratio: rates a second, milliseconds, microseconds of processor time.
    """

    what: str
    target: str
    measured: str
    held: bool | None
    cpu: str = ""
    note: str = ""
    details: dict[str, float] = field(default_factory=dict)


def skipped(what: str, target: str) -> Row:
    """A row that needs h2load where there is none."""
    return Row(what, target, LOAD_MISSING, None)


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = [
        "| what | hold at least | measured | held | CPU per call | note |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        held = {True: "yes", False: "NO", None: "-"}[row.held]
        lines.append(f"| {row.what} | {row.target} | {row.measured} | {held} | {row.cpu} | {row.note} |")
    return "\n".join(lines)


def machine_line(machine: dict[str, str | float]) -> str:
    """The machine in one paragraph."""
    return ", ".join(f"{name} {value}" for name, value in machine.items())


def write_json(file: Path, machine: dict[str, str | float], rows: Sequence[Row]) -> None:
    """Write everything to a file, for comparing with another day."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine, "rows": [asdict(row) for row in rows]}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
