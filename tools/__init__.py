"""Checks that `make check` runs: one module each, `python -m tools.<name>`."""
