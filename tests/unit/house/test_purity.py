"""The domain and the formats compute: no clock, no chance, no files, no libraries."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.tree import ROOT

# A module belongs here if its functions give the same result for the same arguments, whenever and wherever.
PURE = {
    *("__future__", "abc", "base64", "binascii", "bisect", "calendar", "collections", "copy", "dataclasses"),
    *(
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "hmac",
        "itertools",
        "json",
        "math",
    ),
    *("operator", "re", "string", "struct", "types", "typing", "unicodedata"),
}
IMPURE_CALLS = {
    *("now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"),
    *("open", "print", "input", "eval", "exec", "__import__", "breakpoint"),
}

# What a client has on its disk for verification offline.
READS_FILES = {"trust_folder.py"}

DOMAIN = ROOT / "server" / "tashika_server" / "domain"
FORMATS = ROOT / "proto" / "tashika_formats"


def impurities(source: str, own: str) -> Iterator[str]:
    """Imports and calls by which a result depends on more than the arguments; `own` is the package itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or own] if node.level == 0 else []
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in IMPURE_CALLS:
                yield f"line {node.lineno}: calls {called}"
            continue
        else:
            continue
        for name in names:
            ours = name == own or name.startswith(f"{own}.") or name.split(".")[0] == "tashika_formats"
            if not ours and name.split(".")[0] not in PURE:
                yield f"line {node.lineno}: imports {name}"


def modules(package: Path, own: str) -> list[object]:
    """One test case for each module of a package that has to be pure."""
    return [
        pytest.param(path, own, id=f"{own}/{path.relative_to(package)}")
        for path in sorted(package.rglob("*.py"))
        if not path.name.startswith("verify_") and path.name not in READS_FILES
    ]


@pytest.mark.parametrize(
    ("path", "own"), [*modules(DOMAIN, "tashika_server.domain"), *modules(FORMATS, "tashika_formats")]
)
def test_domain_and_formats_are_pure(path: Path, own: str) -> None:
    assert list(impurities(path.read_text(encoding="utf-8"), own)) == []


def test_domain_and_formats_are_where_this_test_looks() -> None:
    assert (DOMAIN / "__init__.py").is_file()
    assert (FORMATS / "__init__.py").is_file()


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import os.path",
        "from time import monotonic",
        "from tashika_server.application import ports",
        "import peewee",
        "import datetime\ndatetime.datetime.now()",
        "def f():\n    from secrets import token_bytes",
        "open('x')",
    ],
)
def test_an_impure_line_is_seen(source: str) -> None:
    assert len(list(impurities(source, "tashika_server.domain"))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import dataclasses, datetime",
        "from . import model",
        "from tashika_server.domain.model import Contract",
        "from tashika_formats import dates",
    ],
)
def test_a_pure_line_passes(source: str) -> None:
    assert list(impurities(source, "tashika_server.domain")) == []
