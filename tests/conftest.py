"""What holds for every test."""

from hypothesis import settings

# The same examples on every run, so that a red test is red for everybody. `--hypothesis-profile=wander` looks
# elsewhere each time and prints the seed; `--hypothesis-seed=N` then goes there again.
settings.register_profile("steady", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("wander", deadline=None, print_blob=True)
settings.load_profile("steady")
