"""The README shows the client as it is: its pictures are those that `make pictures` writes."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tashika_tui.i18n import LANGUAGES
from tests.tui.readme_pictures import FOLDER, PARTIES, Draw, drawn

Party = Callable[[Path, str, Draw], Awaitable[None]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("party", PARTIES, ids=lambda party: party.__name__)
async def test_the_pictures_of_the_readme_are_fresh(party: Party, language: str) -> None:
    found = await drawn(party, language)
    stale = [name for name, svg in found.items() if _kept(name) != svg]
    assert not stale, f"make pictures writes others: {stale}"


def test_no_picture_is_left_over_and_the_readme_shows_each_party() -> None:
    readme = (FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    names = {path.name for path in FOLDER.glob("*.svg")}
    assert {name.rpartition(".ja.")[0] for name in names if ".ja." in name} == {
        name.rpartition(".en.")[0] for name in names if ".en." in name
    }
    for party in ("contractor", "guarantor", "city"):
        assert any(f"tui/pictures/{name}" in readme for name in names if name.startswith(party)), party
    assert not [name for name in names if "http" in _kept(name).replace("http://www.w3.org/", "")]


def _kept(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""
