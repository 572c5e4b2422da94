"""Checks that each command in the README exists: make targets, subcommands and their flags.

Reads fenced blocks and inline code. Every `make X` must be a target of the Makefile, every `tashika X --flag`
and `tashika-server X --flag` must stand in that command's own `--help`, what stands in ARGS of `make demo` in
that of `tashika-server demo`. Prints each fault and exits 1 if there is one.
"""

import functools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.tree import ROOT

PROGRAMS = ("tashika", "tashika-server")
BETWEEN_COMMANDS = re.compile(r"[|&;]+")

# Gives the help text of a command line without its flags, or None if there is no such command.
Help = Callable[[tuple[str, ...]], str | None]


def code(text: str) -> Iterator[str]:
    """Each command line in the text: lines of fenced blocks, joined after a backslash, and inline code."""
    fenced = re.compile(r"^(```+|~~~+)[^\n]*\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
    for block in fenced.finditer(text):
        yield from block.group(2).replace("\\\n", " ").splitlines()
    for inline in re.finditer(r"`([^`\n]+)`", fenced.sub("", text)):
        yield inline.group(1)


def commands(line: str) -> Iterator[list[str]]:
    """The commands of one line as words, from the program's name on: no prompt, no `sudo`, no pipe."""
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return
    command: list[str] = []
    for word in [*words, ";"]:
        if BETWEEN_COMMANDS.fullmatch(word):
            if command:
                yield command
            command = []
        elif command or Path(word.removeprefix("ExecStart=")).name in (*PROGRAMS, "make"):
            command.append(word if command else Path(word.removeprefix("ExecStart=")).name)


def faults(text: str, targets: set[str], help_of: Help) -> Iterator[str]:
    """What the text promises and the programs do not have."""
    for line in code(text):
        for command in commands(line):
            yield from (f"{line.strip()}: {fault}" for fault in _command_faults(command, targets, help_of))


def _command_faults(command: list[str], targets: set[str], help_of: Help) -> Iterator[str]:
    program, *words = command
    if program != "make":
        yield from _flag_faults(program, words, help_of)
        return
    for word in words:
        name, is_assignment, value = word.partition("=")
        if is_assignment and name == "ARGS" and "demo" in words:
            yield from _flag_faults("tashika-server", ["demo", *shlex.split(value)], help_of)
        elif re.fullmatch(r"[a-z][a-z-]*", word) and word not in targets:
            yield f"no make target {word}"


def _flag_faults(program: str, words: list[str], help_of: Help) -> Iterator[str]:
    subcommand = tuple(word for word in words[:1] if re.fullmatch(r"[a-z][a-z-]*", word))
    known = help_of((program, *subcommand))
    if known is None:
        yield f"no command {' '.join((program, *subcommand))}"
        return
    for word in words:
        flag = word.partition("=")[0]
        if re.fullmatch(r"--?[A-Za-z][\w-]*", flag) and not re.search(
            rf"(?<![\w-]){re.escape(flag)}(?![\w-])", known
        ):
            yield f"no flag {flag}"


@functools.cache
def installed_help(command: tuple[str, ...]) -> str | None:
    """What the installed program prints for `--help`, wide enough that nothing is cut."""
    program = Path(sys.executable).parent / command[0]
    wide = {**os.environ, "COLUMNS": "240", "TYPER_USE_RICH": "0", "NO_COLOR": "1"}
    run = subprocess.run(
        [program, *command[1:], "--help"], env=wide, capture_output=True, text=True, check=False, timeout=60
    )
    return run.stdout if run.returncode == 0 else None


def make_targets(makefile: str) -> set[str]:
    """Names at the start of a rule."""
    rules = re.findall(r"^([a-z][\w -]*):(?!=)", makefile, re.MULTILINE)
    return {name for rule in rules for name in rule.split()}


def main() -> int:
    """Exit code: 0 nothing found, 1 faults found."""
    targets = make_targets((ROOT / "Makefile").read_text(encoding="utf-8"))
    found = list(faults((ROOT / "README.md").read_text(encoding="utf-8"), targets, installed_help))
    print("\n".join(found) or "readme: every command exists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
