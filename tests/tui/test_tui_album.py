"""The album of pictures: each screen that people can see is in it, and nothing that no test looks at any more."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import tashika_tui

SOURCE = Path(tashika_tui.__file__).parent
TESTS = Path(__file__).parent
ALBUM = TESTS / "pictures"

# What the classes of screens and of dialogs begin with.
BEGINNINGS = {"BaseScreen", "Dialog"}

VARIANTS = {
    f"{language}-{size}-{theme}.txt"
    for language in ("ja", "en")
    for size in ("80x24", "120x40")
    for theme in ("dark", "monochrome")
}

# Sizes of their own, and nothing else: what is shown in a terminal that is too small for anything.
OTHER_SIZES = {"too-small"}


def classes() -> Iterator[tuple[str, set[str]]]:
    """Each class of a screen or a widget, with the names of those that it is made from."""
    for folder in ("screens", "widgets"):
        for file in (SOURCE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    yield node.name, set(map(_name, node.bases))


def _name(base: ast.expr) -> str:
    match base:
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def screens() -> set[str]:
    """The screens and dialogs that are shown: those from which no other one is made, or that are made somewhere."""
    made_from = dict(classes())
    found = set(BEGINNINGS)
    while more := {name for name, bases in made_from.items() if bases & found} - found:
        found |= more
    parents = {base for name in found for base in made_from.get(name, set())}
    made = _made()
    return {name for name in found - BEGINNINGS if name not in parents or name in made}


def _made() -> set[str]:
    """The names that the client calls, or names for the menu to call."""
    made: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=func):
                    made.add(_name(func))
                case ast.Constant(value=str(text)) if ":" in text:
                    made.add(text.rpartition(":")[2])
    return made


def pictured() -> set[str]:
    """The screens that are on pictures."""
    last = re.compile(r"^screen = (\w+)$", re.MULTILINE)
    return {found[1] for file in ALBUM.rglob("*.txt") if (found := last.search(file.read_text("utf-8")))}


def looked_at() -> set[str]:
    """The pictures that tests look at: what `look` is called with, or a name in a list that it is called from."""
    names: set[str] = set()
    for file in TESTS.rglob("test_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.Call) and _name(node.func) == "look" for node in ast.walk(tree)):
            names |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return names


def test_each_screen_has_a_picture() -> None:
    assert len(screens()) > 40
    assert screens() - pictured() == set()


def test_each_picture_is_there_in_all_its_variants() -> None:
    assert [
        folder.name
        for folder in ALBUM.iterdir()
        if folder.name not in OTHER_SIZES and {file.name for file in folder.iterdir()} != VARIANTS
    ] == []


def test_no_picture_is_left_that_no_test_looks_at() -> None:
    assert {folder.name for folder in ALBUM.iterdir()} - looked_at() == set()
