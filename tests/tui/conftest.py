"""Style sheets are parsed once for all tests, and not once for each client that a test starts and each look.

What comes of a sheet depends on its text and the variables of the theme alone, and Textual only reads it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


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
