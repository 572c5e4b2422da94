"""One site for all tests that leave it as they found it.

They are for `make ssh-test`: some of them go by moments that a busy machine does not keep.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.ssh.site import Site, open_site


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A register, a host, people."""
    async with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Leaves the tests of this folder out of `make test`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
