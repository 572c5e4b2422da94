"""One site for all tests that leave it as they found it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.ssh.site import Site, open_site


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A register, a host, people."""
    async with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened
