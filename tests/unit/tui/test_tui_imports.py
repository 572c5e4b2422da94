"""The plain commands start without what they don't need."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "grpc", "google.protobuf", "cryptography", "pyhanko", "tashika.v1")


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
        "import importlib, pkgutil, tashika_tui\n"
        "for found in pkgutil.walk_packages(tashika_tui.__path__, 'tashika_tui.'):\n"
        "    found.name.endswith('__main__') or importlib.import_module(found.name)\n"
    )
    assert "grpc" in loaded(code)
    assert not loaded(code) & {"textual", "pyhanko"}
