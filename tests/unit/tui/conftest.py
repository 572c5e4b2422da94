"""A person at a terminal, with and without a register."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.tui.person import Person
from tests.unit.tui.register import KEY, PASSWORD, FakeRegister, serving


@pytest.fixture
def register() -> Iterator[FakeRegister]:
    with serving() as found:
        yield found


@pytest.fixture
def person(tmp_path: Path, register: FakeRegister) -> Person:
    """Somebody who knows the key."""
    return Person(tmp_path, register.address, answers=[KEY])


@pytest.fixture
def clerk(tmp_path: Path, register: FakeRegister) -> Person:
    """Somebody who has signed in."""
    seen = Person(tmp_path, register.address, answers=[PASSWORD]).types("login", "hanako")
    assert seen.code == 0, seen.err
    return Person(tmp_path, register.address)
