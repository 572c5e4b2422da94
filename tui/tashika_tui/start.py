"""`tashika` as it is called: the client where no command is named, else the commands.

Reading commands takes as long as the client's first frame, so a call without any does not load them.
"""

import sys

from tashika_tui.problems import Exit

_OPTIONS = ("--server", "--ca", "--lang")


def main() -> int:
    """Runs the programme on this process's arguments and streams. Gives the exit code."""
    arguments = sys.argv[1:]
    if not _only_options(arguments) or not _at_terminal():
        from tashika_tui import cli

        return cli.main()
    return _client(arguments)


def _client(arguments: list[str]) -> int:
    from dataclasses import replace
    from pathlib import Path

    from tashika_tui.full_screen import run_client
    from tashika_tui.i18n import LANGUAGES, Texts
    from tashika_tui.process import process_session

    session = process_session()
    named = dict(zip(arguments[::2], arguments[1::2], strict=True))
    language = named.get("--lang")
    if language is not None:
        if language not in LANGUAGES:
            sentence = session.texts("usage.language")
            session.console.error(session.texts("problem.line", sentence=sentence))
            return Exit.USAGE
        session = replace(session, texts=Texts(language))
    ca = named.get("--ca")
    return run_client(session.at(named.get("--server"), Path(ca) if ca else None))


def _only_options(arguments: list[str]) -> bool:
    """Whether there is nothing but the options of the client, each with a value."""
    return len(arguments) % 2 == 0 and all(name in _OPTIONS for name in arguments[::2])


def _at_terminal() -> bool:
    # A closed stream is None.
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
