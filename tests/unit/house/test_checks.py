"""Each check of `make check` that is our own finds what it is there to find."""

from pathlib import Path

import pytest

from tools import check_fresh, check_readme, check_text
from tools.tree import ROOT, files

HELP = {
    ("tashika",): "Commands: open",
    ("tashika", "open"): "Usage: tashika open NUMBER [--pdf FILE] [--json]",
    ("tashika-server", "demo"): "--script --out DIR",
}


def text_faults(root: Path, name: str, text: str) -> list[str]:
    (root / name).write_text(text, encoding="utf-8")
    return list(check_text.faults(root / name, root))


def readme_faults(text: str) -> list[str]:
    return list(check_readme.faults(text, {"demo", "test"}, HELP.get))


def test_a_file_of_501_lines_is_too_long(tmp_path: Path) -> None:
    assert text_faults(tmp_path, "a.py", "x = 1\n" * 500) == []
    assert text_faults(tmp_path, "a.py", "x = 1\n" * 501) == ["a.py:501: more than 500 lines"]


def test_a_function_of_61_lines_is_too_long(tmp_path: Path) -> None:
    assert text_faults(tmp_path, "a.py", "def f():\n" + "    x = 1\n" * 59) == []
    assert text_faults(tmp_path, "a.py", "class A:\n  def f():\n" + "    x = 1\n" * 60) == [
        "a.py:2: f has 61 lines, more than 60"
    ]


@pytest.mark.parametrize(
    "address", ["https://py" + "pi.org/simple", "--extra-index" + "-url x", "file:" + "///opt"]
)
def test_an_address_of_a_registry_is_refused(tmp_path: Path, address: str) -> None:
    assert len(text_faults(tmp_path, "notes.txt", f"first\n{address}\n")) == 1


def test_a_folder_of_this_machine_is_refused(tmp_path: Path) -> None:
    assert len(text_faults(tmp_path, "notes.txt", f"see {tmp_path}/x and {tmp_path.name}\n")) == 1


def test_readme_may_name_what_exists() -> None:
    text = """
```sh
$ make demo ARGS="--script --out out"   # plays it
echo KEY | sudo -u clerk .venv/bin/tashika open 12345678901234 - --json \\
    --pdf certificate.pdf && make test
```
Then `tashika open NUMBER`.
"""
    assert readme_faults(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("`make tests`", "no make target tests"),
        ("```\nmake demo ARGS='--scripted'\n```", "no flag --scripted"),
        ("```\ntashika opens 1\n```", "no command tashika opens"),
        ("```\ntrue && tashika open 1 --pd x\n```", "no flag --pd"),
        ("`ExecStart=/usr/bin/tashika-server demo --colour`", "no flag --colour"),
    ],
)
def test_readme_may_not_name_what_does_not_exist(text: str, fault: str) -> None:
    assert [found.partition(": ")[2] for found in readme_faults(text)] == [fault]


def test_targets_are_read_from_the_makefile() -> None:
    targets = check_readme.make_targets((ROOT / "Makefile").read_text())
    assert {"setup", "demo", "test", "check", "bench", "lock"} <= targets
    assert "BIN" not in targets


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A project with lock files that fit."""
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["b==2"]\n[project]\ndependencies = ["A_x>=1,<2"]\n'
        'optional-dependencies = {server = ["s"], tui = [], dev = ["c[extra]"]}\n'
    )
    (tmp_path / "requirements").mkdir()
    (tmp_path / check_fresh.LOCK).write_text("a-x==1.5 \\\n    --hash=sha256:00\nb==2\nc==9\ns==1\n")
    (tmp_path / check_fresh.RUN_LOCK).write_text("a-x==1.5\ns==1\n")
    return tmp_path


def lock_faults(root: Path) -> list[str]:
    return [fault.removesuffix("; run `make lock`") for fault in check_fresh.stale_locks(root)]


def test_a_lock_with_all_requirements_is_fresh(locked: Path) -> None:
    assert lock_faults(locked) == []


def test_a_lock_without_a_requirement_is_stale(locked: Path) -> None:
    (locked / check_fresh.LOCK).write_text("a-x==1.5\nb==2\ns==1\n")
    assert lock_faults(locked) == ["requirements/dev.txt: nothing for c[extra]"]


def test_a_lock_with_a_version_that_is_not_allowed_is_stale(locked: Path) -> None:
    for lock in (check_fresh.LOCK, check_fresh.RUN_LOCK):
        (locked / lock).write_text((locked / lock).read_text().replace("1.5", "2.0"))
    assert lock_faults(locked) == [
        "requirements/dev.txt: 2.0 for A_x<2,>=1",
        "requirements/run.txt: 2.0 for A_x<2,>=1",
    ]


def test_both_locks_hold_the_same_versions(locked: Path) -> None:
    (locked / check_fresh.RUN_LOCK).write_text("a-x==1.4\ns==1\n")
    assert lock_faults(locked) == ["requirements/run.txt: a-x 1.4, but 1.5 in requirements/dev.txt"]


def test_a_changed_or_missing_generated_file_is_stale(tmp_path: Path) -> None:
    printer = {"said.txt": ["this"]}
    assert len(list(check_fresh.stale_files(ROOT, {"LICENSE": ["tools.check_nothing"]}))) == 1
    assert "generator fails" in next(iter(check_fresh.stale_files(tmp_path, {"x": ["no_such_module"]})))
    assert [fault.partition(":")[0] for fault in check_fresh.stale_files(tmp_path, printer)] == ["said.txt"]
    said = tmp_path / "said.txt"
    said.write_text("anything else")
    assert len(list(check_fresh.stale_files(tmp_path, printer))) == 1


def test_files_are_those_that_git_would_add() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    assert {"Makefile", ".ci/run", "proto/build_stubs.py"} <= names
    assert not [name for name in names if name.startswith((".venv/", "build/", ".git/"))]


def test_without_git_what_tools_make_is_left_out(tmp_path: Path) -> None:
    for name in ("a.py", ".ci/run", ".venv/b.py", "build/c.py", "server/__pycache__/d.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in files(tmp_path)] == [".ci/run", "a.py"]
