"""What all tests of the client share, so that they take less time.

Style sheets are parsed once for all tests, and not once for each client that a test starts and each look: what comes
of a sheet depends on its text and the variables of the theme alone, and Textual only reads it. What the client waits
for until a person has stopped typing, or news have stopped coming, is a fifth: a test's fingers are quick.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tashika_tui.screens import login
from tashika_tui.screens.contractor import lists as contractor_lists
from tashika_tui.screens.guarantor import lists as guarantor_lists
from tashika_tui.screens.shared import notices
from tashika_tui.widgets import form, paged_list

PAUSES = (
    (form, "CHANGED_SECONDS"),
    (paged_list, "FILTER_SECONDS"),
    (login, "FIRST_LOOK_SECONDS"),
    (contractor_lists, "_GATHER_SECONDS"),
    (guarantor_lists, "_GATHER_SECONDS"),
    (notices, "_GATHER_SECONDS"),
)


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """Keeps what was parsed, for as long as the tests run."""
    parse, kept = Stylesheet._parse_rules, dict[Any, list[RuleSet]]()

    def remembered(
        sheet: Stylesheet,
        css: str,
        read_from: tuple[str, str],
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        key = (tuple(sheet._variables.items()), css, read_from, is_default_rules, tie_breaker, scope)
        if key not in kept:
            kept[key] = parse(sheet, css, read_from, is_default_rules, tie_breaker, scope)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def short_pauses() -> Iterator[None]:
    """Shortens the pauses that the client makes on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in PAUSES:
            patch.setattr(module, name, getattr(module, name) / 5)
        yield
