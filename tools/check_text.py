"""Checks every file's text: its size, the length of functions, and that it holds for every machine.

A file is one idea and a function one screen; a committed file names no package registry and no folder of the
machine on which it was written. Prints each fault as `file:line: what` and exits 1 if there is one.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.check_fresh import GENERATED
from tools.tree import ROOT, files

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60

WRITTEN_BY_HAND = {".py", ".pyi", ".proto", ".sql", ".toml", ".yaml", ".sh", ".md", ""}
NOT_BY_HAND = {"LICENSE"}

# Character classes keep these patterns from matching themselves.
REGISTRY = re.compile(
    r"py[p]i\.(org|io|python)|python[h]osted|registry\.[n]pmjs|proxy\.[g]olang|"
    r"--(extra-)?index[-]url|--find[-]links|--trusted[-]host|file:[/]{2}/"
)


def faults(path: Path, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with one file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    name = path.relative_to(root).as_posix()
    lines = text.splitlines()
    by_hand = path.suffix in WRITTEN_BY_HAND and path.name not in NOT_BY_HAND and name not in GENERATED
    if by_hand and len(lines) > MAX_FILE_LINES:
        yield f"{name}:{len(lines)}: more than {MAX_FILE_LINES} lines"
    here = machine(root)
    for number, line in enumerate(lines, 1):
        if found := REGISTRY.search(line) or here.search(line):
            yield f"{name}:{number}: holds on one machine only: {found.group()}"
    if path.suffix == ".py":
        yield from long_functions(text, name)


def long_functions(text: str, name: str) -> Iterator[str]:
    """Functions of more than a screen, counted from `def` to the last line, docstring included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, more than {MAX_FUNCTION_LINES}"


def machine(root: Path) -> re.Pattern[str]:
    """Matches this checkout's folder and the home of whoever runs the check."""
    folders = [folder for folder in (root.resolve(), Path.home()) if len(folder.parts) > 1]
    return re.compile(
        "|".join(rf"(?<![\w.]){re.escape(str(folder))}(?![\w-])" for folder in folders) or r"(?!)"
    )


def main() -> int:
    """Exit code: 0 nothing found, 1 faults found."""
    found = [fault for path in files() for fault in faults(path)]
    print("\n".join(found) or "text: every file fits")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
