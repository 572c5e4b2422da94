"""One register for all forgeries."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.world import make_world
from tests.e2e.tamper.registered import Registered, registered_at_a_server


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registered]:
    """A certificate of a register that runs."""
    folder: Path = tmp_path_factory.mktemp("tamper")
    world = asyncio.run(make_world(folder / "data", openable=1, ready=0))
    with registered_at_a_server(folder / "data", world, folder / "trust") as made:
        yield made
