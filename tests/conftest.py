"""What holds for every test."""

import gc

from hypothesis import settings

# The same examples on every run, so that a red test is red for everybody. `--hypothesis-profile=wander` looks
# elsewhere each time and prints the seed; `--hypothesis-seed=N` then goes there again.
settings.register_profile("steady", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("wander", deadline=None, print_blob=True)
settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """Take what every test shares out of the collector's rounds, and make these rarer.

    Modules and collected tests are a million objects that stay, and each full round looks at all of them: a fifth of
    the processor time of tests that build screens (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
