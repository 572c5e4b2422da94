"""The pure modules need only the standard library, and read neither clock nor files nor chance."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tashika_formats

FOLDER = Path(tashika_formats.__file__).parent
PURE = sorted(path for path in FOLDER.glob("*.py") if not path.stem.startswith(("verify_", "trust_folder")))
LAZY = {"cryptography", "pyhanko", "pyhanko_certvalidator", "asn1crypto"}
# What would make the same call give another answer.
IMPURE = {"os", "pathlib", "random", "secrets", "socket", "subprocess", "sys", "time", "uuid"}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_a_pure_module_imports_only_pure_things(path: Path) -> None:
    others = imported(path) - {"tashika_formats"}
    assert others <= set(sys.stdlib_module_names) - IMPURE


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_a_pure_module_reads_no_clock_and_no_file_and_prints_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"open", "print", "input"}
    assert not attributes & {"now", "today", "utcnow"}


def test_importing_everything_loads_no_library() -> None:
    modules = ", ".join(
        f"tashika_formats.{path.stem}" for path in FOLDER.glob("*.py") if path.stem != "__init__"
    )
    code = f"import sys, {modules}; print(sorted({LAZY!r} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(FOLDER.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"
