"""A register for each test, on every store."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.storage.databases import Cluster, Database, cluster, database, postgresql, sqlite
from tests.transport.watching.site import Site, serving

__all__ = ["Cluster", "Database", "cluster", "database", "postgresql", "sqlite"]


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder whose path is short enough for a socket's."""
    folder = Path(tempfile.mkdtemp(prefix="tashika-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def site(database: Database, sockets: Path) -> AsyncIterator[Site]:
    async with serving(database, sockets) as running:
        yield running
