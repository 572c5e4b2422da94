"""Both registers, one after the other, for every test of the suite."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.client.stage import Stage, real, simulated


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["fake", "gateway"])
async def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A register with people."""
    folder = tmp_path_factory.mktemp("register")
    opened = simulated(mails=True) if request.param == "fake" else real(folder, mails=True)
    async with opened as made:
        yield made
