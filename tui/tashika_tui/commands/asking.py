"""Secrets come from a terminal that does not show them, or from standard input; never from the command line."""

from tashika_tui.context import SessionContext
from tashika_tui.problems import LocalError
from tashika_tui.terminal import NoTerminalError

STANDARD_INPUT = "-"


def ask_secret(session: SessionContext, prompt_key: str, *, from_input: bool) -> str:
    """The secret that `prompt_key` asks for; with `from_input`, the next line of standard input.

    A terminal as standard input would show what is typed, so there it is asked for all the same. Raises
    LocalError where nobody can be asked.
    """
    console = session.console
    if from_input and not console.input_is_terminal:
        return console.secret_line()
    try:
        return console.ask_secret(session.texts(prompt_key))
    except EOFError:
        return ""
    except NoTerminalError:
        raise LocalError("problem.no_terminal") from None
