"""One server with people for all tests that leave it as they found it; each worker of the test run has its own."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.people import World, make_world
from tests.support.play import Play
from tests.support.server import NO_POST, running_server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A server with orderers, organisations and somebody for each role."""
    async with running_server(tmp_path_factory.mktemp("register"), ssh_host="yes", **NO_POST) as running:
        made = await make_world(running)
        yield made
        assert not running.faults, json.dumps(running.faults, ensure_ascii=False, indent=1)
        logged = json.dumps(running.logs, ensure_ascii=False, default=str)
        assert not [secret for secret in made.secrets if secret in logged]


@pytest.fixture(scope="session")
def play(world: World) -> Play:
    """The contractor and the guarantor of the shared server."""
    return Play(world)
