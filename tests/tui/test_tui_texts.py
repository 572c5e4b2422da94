"""What people read comes from the catalogues, and widgets keep their names to themselves."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.widget import Widget
from textual.widgets import Input

import tashika_tui
from tashika_tui.i18n import catalogue

SOURCE = Path(tashika_tui.__file__).parent

# What takes words to show, and which of its arguments they are.
SHOWS = {
    "Say": (0,),
    "Static": (0,),
    "Label": (0,),
    "PushButton": (0,),
    "Confirm": (0, 1, 2),
    "TypedConfirm": (0, 1, 2),
    "TextDialog": (0,),
    "PickDialog": (0,),
    "Choice": (1,),
    "toast": (0,),
    "notify": (0,),
    "confirm": (0, 1, 2),
    "confirm_typed": (0, 1, 2),
    "enter_text": (0,),
    "pick": (0,),
    "Content": (0,),
}


def screen_files() -> Iterator[Path]:
    yield SOURCE / "app.py"
    yield from (SOURCE / "screens").rglob("*.py")
    yield from (SOURCE / "widgets").rglob("*.py")


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            yield name, node


def has_letters(node: ast.expr) -> bool:
    """Whether an expression is a text with a word in it, written in the code."""
    texts = [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return isinstance(node, ast.Constant | ast.JoinedStr) and any(
        char.isalpha() for text in texts for char in text
    )


def test_no_widget_is_given_words_from_the_code() -> None:
    found = [
        f"{file.name}:{node.lineno} {name}"
        for file in screen_files()
        for name, node in calls(file)
        for place in SHOWS.get(name, ())
        if place < len(node.args) and has_letters(node.args[place])
    ]
    assert found == []


def test_every_said_text_is_in_the_catalogues() -> None:
    found = [
        f"{file.name}:{node.lineno} {node.args[0].value!r}"
        for file in screen_files()
        for name, node in calls(file)
        if name == "say" and node.args and isinstance(node.args[0], ast.Constant)
        if node.args[0].value not in catalogue("ja")
    ]
    assert found == []


def test_screens_and_widgets_know_the_world_by_their_context_alone() -> None:
    """No environment, no printing, no clock, no files of their own."""
    forbidden = {"os", "sys", "time", "datetime.datetime.now", "subprocess"}
    found = []
    for file in screen_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [f"{file.name}: {alias.name}" for alias in node.names if alias.name in forbidden]
            if isinstance(node, ast.ImportFrom) and node.module in forbidden:
                found.append(f"{file.name}: {node.module}")
            if isinstance(node, ast.Name) and node.id in ("print", "open", "environ"):
                found.append(f"{file.name}: {node.id}")
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "environ"):
                # The context has a clock, and the server says which day it is in Japan.
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else ""
                found += [] if owner in ("context", "session", "server") else [f"{file.name}: {node.attr}"]
    assert found == []


def our_classes() -> Iterator[type]:
    for package in ("screens", "widgets"):
        folder = importlib.import_module(f"tashika_tui.{package}")
        for found in pkgutil.walk_packages(folder.__path__, f"{folder.__name__}."):
            module = importlib.import_module(found.name)
            yield from (
                each
                for _, each in inspect.getmembers(module, inspect.isclass)
                if each.__module__ == found.name
            )
    yield importlib.import_module("tashika_tui.app").TashikaApp


# What Textual means to be overridden, and what we override on purpose.
MEANT = {
    "DEFAULT_CSS", "COMPONENT_CLASSES", "TITLE", "HELP", "CSS_PATH", "ENABLE_COMMAND_PALETTE",
    "ESCAPE_TO_MINIMIZE", "NOTIFICATION_TIMEOUT", "BINDINGS", "Changed",
    "compose", "render", "render_line", "get_content_height", "get_content_width", "check_action", "validate_scroll_y",
    "watch_scroll_y", "can_focus", "can_focus_children", "get_default_screen", "get_driver_class", "on_mount",
    "on_unmount", "on_resize",
    "_dispatch_message", "_handle_exception", "_on_paste", "_on_key", "_value", "dismiss", "on_event",
    "get_selection", "selection_updated",
}  # fmt: skip


@pytest.mark.parametrize("base", [App, Screen, ScrollView, Input, Widget])
def test_no_name_of_ours_hides_one_of_textual_by_accident(base: type) -> None:
    hidden = []
    for each in our_classes():
        if not issubclass(each, base):
            continue
        ours = {name for name in vars(each) if not name.startswith("__")}
        source = ast.parse(inspect.cleandoc("\n" + inspect.getsource(each)))
        for node in ast.walk(source):
            match node:
                case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                    ours.add(name)
        theirs = set(dir(base)) | set(getattr(base, "__annotations__", {}))
        hidden += [
            f"{each.__name__}.{name}" for name in ours & theirs - MEANT if not name.startswith("action_")
        ]
    allowed = {"cursor_blink", "display", "theme", "value", "virtual_size", "screen", "css_name"}
    assert [name for name in hidden if name.rpartition(".")[2] not in allowed | MERGED] == []


# Set by Textual's machinery on every class.
MERGED = {"_reactives", "_decorated_handlers", "_merged_bindings", "_inherit_bindings", "_css_type_names",
          "_inherit_css", "_inherit_component_classes", "_css_type_name", "_css_bases", "_abc_impl", "_computes",
          "_is_protocol", "_bindings", "_component_styles", "_css_update_count"}  # fmt: skip
