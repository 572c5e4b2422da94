"""Starts the client in this process's terminal. Textual is loaded here and nowhere before."""

import os

from tashika_tui.context import SessionContext
from tashika_tui.problems import Exit, LocalError


def run_client(session: SessionContext) -> int:
    """Runs the client to its end. Gives the exit code.

    A terminal that can't place a cursor is refused; an address that is none is said before anything is shown.
    """
    if session.environment.get("TERM", "") in ("", "dumb"):
        session.console.error(session.texts("problem.line", sentence=session.texts("shell.no_screen")))
        return Exit.USAGE
    try:
        session.endpoint()
    except LocalError as error:
        sentence = session.texts(error.key, **error.params)
        session.console.error(session.texts("problem.line", sentence=sentence))
        return error.exit_code
    # Textual reads it when it is imported. With the Kitty keyboard protocol some terminals lose what an input
    # method has composed; without it nothing that this client uses is missing.
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    for fixed in ("COLUMNS", "LINES"):
        # Some shells and programmes export the size that the terminal had; Textual would take that for its size
        # and never follow a change.
        os.environ.pop(fixed, None)
    from tashika_tui.app import TashikaApp

    app = TashikaApp(session)
    code = app.run()
    return Exit.FAULT if code is None and app.return_code else int(code or Exit.DONE)
