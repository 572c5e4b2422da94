"""What holds for tests of the transport."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Keeps what a test's server says to itself: another one of this process counts the faults in its own log."""
    with structlog.testing.capture_logs():
        yield
