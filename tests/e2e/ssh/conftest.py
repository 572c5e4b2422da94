"""One site for all tests that leave it as they found it."""

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


# Who waits for times to pass, for hosts to start, or for programmes that start anew for each command: minutes in all.
# They are for `make ssh-test`, the others for `make test` as well.
_LONG_FILES = frozenset({"test_ssh_one_session.py"})
_LONG = frozenset(
    {
        "test_a_document_waits_for_its_reader_as_long_as_its_command_might_have_run",
        "test_a_session_ends_after_its_longest_time_however_much_is_typed",
        "test_a_session_without_a_key_stroke_ends_with_a_word",
        "test_a_stalled_session_ends_too_when_its_time_is_over",
        "test_sigterm_lets_a_command_finish_and_ends_screens_with_a_word",
        "test_the_host_key_is_made_once_for_its_owner_alone",
        "test_when_the_register_is_gone_people_are_told_so",
    }
)


def pytest_collection_modifyitems(items: Sequence[pytest.Function]) -> None:
    """Leaves the long ones of this folder out of `make test`."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        if item.path.name in _LONG_FILES or item.originalname in _LONG:
            item.add_marker(pytest.mark.slow)
