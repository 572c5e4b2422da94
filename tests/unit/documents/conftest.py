"""Fonts parsed once for all tests of documents."""

from pathlib import Path

import pytest

from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import FontSet, ensure_fonts


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    """The converted fonts; converted here if this machine has none yet."""
    return ensure_fonts(Path(tmp_path_factory.getbasetemp().parent))


@pytest.fixture(scope="session")
def library(fonts: FontSet) -> FaceLibrary:
    """The faces, parsed."""
    return FaceLibrary(fonts)
