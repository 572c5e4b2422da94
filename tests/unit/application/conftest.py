"""An office for each test; the processes that render are shared."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tashika_server.documents.fonts import ensure_fonts
from tashika_server.documents.pool import DocumentPool
from tashika_server.security.signer import open_signer
from tests.unit.application.office import Office, furnish, open_office


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentPool]:
    """The processes that render; they start when a test first issues."""
    made = DocumentPool(ensure_fonts(tmp_path_factory.getbasetemp().parent), open_signer, workers=1)
    yield made
    made.close()


@pytest.fixture
async def office(tmp_path: Path, pool: DocumentPool) -> AsyncIterator[Office]:
    """A furnished office."""
    async with open_office(tmp_path, pool) as opened:
        await furnish(opened)
        yield opened
