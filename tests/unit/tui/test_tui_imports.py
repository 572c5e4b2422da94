"""The plain commands start without what they don't need."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "grpc", "google.protobuf", "cryptography", "pyhanko", "tashika.v1")

# What `tashika` without a command loads, and `__main__`, which would run it.
FULL_SCREEN = tuple(
    f"tashika_tui.{name}" for name in ("__main__", "app", "at_host", "leaving", "screens", "theme", "widgets")
)


def loaded(code: str) -> set[str]:
    """Which of HEAVY are loaded after `code`, in a fresh process."""
    script = (
        f"import sys\n{code}\nprint([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ast_list(run.stderr.splitlines()[-1]))


def ast_list(text: str) -> list[str]:
    return text.strip("[]").replace("'", "").split(", ") if text != "[]" else []


@pytest.mark.parametrize(
    "arguments", [["--help"], ["open", "123"], ["list", "nothing"], ["verify", "missing.pdf"]]
)
def test_what_needs_no_server_loads_no_grpc(arguments: list[str]) -> None:
    code = f"import sys; sys.argv[1:] = {arguments!r}\nfrom tashika_tui.cli import main\nmain()"
    assert loaded(code) == set()


def test_no_module_of_the_plain_commands_loads_a_full_screen() -> None:
    code = (
        f"import importlib, pkgutil, tashika_tui\nFULL = {FULL_SCREEN!r}\n"
        "names = [found.name for found in pkgutil.iter_modules(tashika_tui.__path__, 'tashika_tui.')]\n"
        "names = [name for name in names if not name.startswith(FULL)]\n"
        "for name in names:\n"
        "    found = importlib.import_module(name)\n"
        "    names += [sub.name for sub in pkgutil.iter_modules(getattr(found, '__path__', []), name + '.')]\n"
    )
    assert "grpc" in loaded(code)
    assert not loaded(code) & {"textual", "pyhanko"}
