"""One table of keys, and nothing else that binds."""

import ast
import re
from pathlib import Path

import pytest

import tashika_tui
from tashika_tui.i18n import LANGUAGES, Texts, catalogue
from tashika_tui.key_document import key_lines
from tashika_tui.keymap import ALONE, KEYS, Scope, clashes, keys_shown, of_scope, shown
from tests.tui.running import running
from tests.tui.sample_screens import FormScreen, ListScreen
from tests.tui.tiny import Keyset

SOURCE = Path(tashika_tui.__file__).parent

# What terminals can't send, keep for themselves, or give to the input method.
NEVER = re.compile(r"alt\+.*|ctrl\+(enter|i|m|h|j|b|space|z)|f11|meta\+.*")


def test_no_key_means_two_things_at_once() -> None:
    assert clashes() == []


def test_each_action_is_in_the_table_once() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)


def test_no_action_needs_a_key_that_terminals_keep() -> None:
    assert [key.id for key in KEYS if any(NEVER.fullmatch(each) for each in key.keys)] == []


def test_every_action_is_reached_while_an_input_method_is_on() -> None:
    # Numbers of a menu and yes/no of a dialog have arrows and enter beside them.
    beside = {Scope.MENU, *ALONE}
    letters_only = [
        key.id
        for key in KEYS
        if not key.palette and key.scope not in beside and not any(len(each) > 1 for each in key.keys)
    ]
    assert letters_only == []


def test_single_characters_work_full_width_too() -> None:
    filter_keys = next(key for key in KEYS if key.id == "filter")
    assert list(filter_keys.all_keys()) == ["/", "／", "ctrl+f"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_and_scope_has_a_label(language: str) -> None:
    texts = catalogue(language)
    assert [key.id for key in KEYS if f"key.{key.id}" not in texts] == []
    assert [scope.value for scope in Scope if f"scope.{scope.value}" not in texts] == []


def test_no_label_is_left_without_its_action() -> None:
    labels = {key.removeprefix("key.") for key in catalogue("ja") if key.startswith("key.")}
    assert labels - {key.id for key in KEYS} == set()


def named(node: ast.AST) -> str:
    """The name that a piece of code uses."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
        case _:
            return ""


def function(node: ast.AST) -> str:
    """The name of a function that a piece of code defines."""
    return node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ""


# Takes the wide space as a letter, and does nothing else with a key.
TYPING = {("line_input.py", "_on_key")}


def test_nothing_binds_but_the_binding_module() -> None:
    found = []
    for file in SOURCE.rglob("*.py"):
        if file.name == "binding.py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found += [
            f"{file.name}: {named(node)}" for node in ast.walk(tree) if named(node) in ("Binding", "BINDINGS")
        ]
        # Textual calls methods of these names; a function that speaks of authentication keys is none.
        methods = [part for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in node.body]
        found += [
            f"{file.name}: {function(part)}"
            for part in methods
            if re.fullmatch(r"_?on_key|key_(?!lines)[a-z]\w*", function(part))
            and (file.name, function(part)) not in TYPING
        ]
    assert found == []


def test_keys_are_shown_as_people_read_them() -> None:
    assert [shown(key) for key in ("f10", "ctrl+s", "shift+f8", "escape", "/", "S")] == [
        "F10",
        "^S",
        "Shift+F8",
        "Esc",
        "/",
        "S",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_table_has_every_action(language: str) -> None:
    page = "\n".join(key_lines(Texts(language)))
    missing = [key.id for key in KEYS if f"| {catalogue(language)[f'key.{key.id}']} |" not in page]
    assert missing == []
    assert all(keys_shown(key) in page for key in of_scope(Scope.LIST))


async def test_every_key_of_a_screen_calls_an_action_that_is_there(tmp_path: Path) -> None:
    for screen in (ListScreen(Keyset(5)), FormScreen()):
        async with running(tmp_path, screen=screen) as hand:
            dead = []
            nodes = [hand.app, *hand.app.screen.walk_children(with_self=True)]
            for node in nodes:
                for _, binding in node._bindings:
                    name = binding.action.partition("(")[0]
                    if binding.id and not hasattr(node, f"action_{name}"):
                        dead.append(f"{type(node).__name__}.{name}")
            # `save` is for the screen's own writer to add.
            assert set(dead) <= {"FormScreen.save"}


@pytest.mark.parametrize("key", ["j", "ｊ", "down"])
async def test_letters_move_in_a_list_in_any_width(tmp_path: Path, key: str) -> None:
    screen = ListScreen(Keyset(5))
    async with running(tmp_path, screen=screen) as hand:
        await hand.press(key)
        assert hand.lines[3].startswith("> con_0000001")


async def test_the_footer_shows_a_key_that_works_where_the_cursor_is(tmp_path: Path) -> None:
    async with running(tmp_path, screen=ListScreen(Keyset(5))) as hand:
        assert "/ 絞込み" in hand.lines[-1]
        await hand.press("/")
        assert "^F 絞込み" in hand.lines[-1]
