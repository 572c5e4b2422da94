"""What holds for every test."""

import gc

import pytest
from _pytest.nodeid import NodeId
from hypothesis import settings

# The same examples on every run, so that a red test is red for everybody. `--hypothesis-profile=wander` looks
# elsewhere each time and prints the seed; `--hypothesis-seed=N` then goes there again.
settings.register_profile("steady", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("wander", deadline=None, print_blob=True)
settings.load_profile("steady")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests of one xdist_group run in one worker, as they say.

    pytest-xdist 3.8 writes the group into an attribute that pytest 9.2 no longer reads: each worker then made its own
    server, register and PostgreSQL for the same group.
    """
    for item in items:
        with_group = getattr(item, "_nodeid", "")
        if with_group:
            item._id = NodeId.parse(with_group)


def pytest_collection_finish() -> None:
    """Take what every test shares out of the collector's rounds, and make these rarer.

    Modules and collected tests are a million objects that stay, and each full round looks at all of them: a fifth of
    the processor time of tests that build screens (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
