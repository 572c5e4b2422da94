"""With OpenSSH in place of the host: what its `AuthorizedKeysCommand` and its `ForceCommand` run.

OpenSSH lets people in, gives them a terminal and a process, and says with `ExposeAuthInfo` which key it was. The
register is then asked as the host would ask it: this process runs under the account that the register's door knows.
"""

import os
from collections.abc import Mapping
from dataclasses import replace

from tashika_tui.client.errors import RefusedByServer
from tashika_tui.commands.getting import KINDS
from tashika_tui.context import Arrival, SessionContext
from tashika_tui.hosting.asked import CommandRefused, clean_environment, read_command
from tashika_tui.hosting.hosted import endpoint_of, hosted_session
from tashika_tui.hosting.limits import plain_address
from tashika_tui.hosting.order import Fault, Kind, Order
from tashika_tui.hosting.settings import HostSettings
from tashika_tui.i18n import Texts, environment_language
from tashika_tui.problems import Exit, LocalError

# What a key that comes out of here may do: come in, and have a terminal.
_OPTIONS = "restrict,pty"

# OpenSSH's file of how somebody signed in has a line for each method.
_MAX_FILE_BYTES = 64 * 1024


async def print_authorized_key(session: SessionContext, settings: HostSettings, kind: str, blob: str) -> Exit:
    """Prints the key as a line for OpenSSH, if it is registered; nothing otherwise. Raises RegisterError."""
    from tashika_tui.client.gateway.ssh_host import SshHostCalls

    line = f"{kind} {blob}"
    calls = SshHostCalls(endpoint_of(settings.place), session.language)
    try:
        await calls.whose_key(line, "")
    except RefusedByServer as error:
        if error.reason in ("WRONG_CREDENTIALS", "SSH_KEY_UNSUITABLE"):
            return Exit.DONE
        raise
    finally:
        await calls.close()
    session.console.line(f"{_OPTIONS} {line}")
    return Exit.DONE


def run_one_session(session: SessionContext, settings: HostSettings, *, viewer: bool) -> int:
    """Runs the client, or the command that was asked for, for who came in. Gives the exit code. Raises LocalError."""
    given = session.environment
    environment = clean_environment(given.items())
    session = replace(session, texts=Texts(environment_language(environment)))
    try:
        asked = given.get("SSH_ORIGINAL_COMMAND", "")
        command = read_command(asked, KINDS) if asked else None
    except CommandRefused as refused:
        raise LocalError(refused.key) from None
    key = "" if viewer else _key(given)
    if command is None and not (session.console.input_is_terminal and session.console.output_is_terminal):
        raise LocalError("hosting.terminal")
    order = Order(
        kind=Kind.SCREEN if command is None else Kind.COMMAND,
        place=settings.place,
        # The account of this host by which everybody comes.
        login_name=given.get("USER", ""),
        source=plain_address(given.get("SSH_CONNECTION", "").partition(" ")[0]),
        environment=environment,
        language=command.language if command is not None else "",
    )
    arrival = Arrival(lambda: _sign_in(order, key), ends=True) if key else None
    hosted = hosted_session(session, order, arrival, None, _drop)
    # As a session of the host would see it: what OpenSSH set is not for the client.
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    if command is not None:
        from tashika_tui.cli import run

        return run(command.words, hosted)
    from tashika_tui.full_screen import run_client

    return run_client(hosted)


def _key(given: Mapping[str, str]) -> str:
    """The key by which somebody signed in, from the file that OpenSSH names. Raises LocalError."""
    try:
        with open(given["SSH_USER_AUTH"], "rb") as file:
            lines = file.read(_MAX_FILE_BYTES).decode("ascii", "replace").splitlines()
    except (KeyError, OSError):
        raise LocalError("hosting.no_key") from None
    for line in lines:
        method, _, key = line.partition(" ")
        if method == "publickey":
            return key.strip()
    raise LocalError("hosting.no_key")


async def _sign_in(order: Order, key: str) -> str:
    """A session of the register for who holds the key. Raises LocalError, RegisterError."""
    from tashika_tui.client.gateway.ssh_host import SshHostCalls

    language = environment_language(order.environment)
    calls = SshHostCalls(endpoint_of(order.place), language)
    try:
        login_name = await calls.whose_key(key, order.source)
        return await calls.sign_in_by_key(login_name, key, order.source, language)
    except RefusedByServer as error:
        if error.reason == "WRONG_CREDENTIALS":
            raise LocalError("hosting.key_unknown", Exit.REFUSED) from None
        raise
    finally:
        await calls.close()


def _drop(fault: Fault) -> None:
    """A fault has nowhere to go: standard error is the person's terminal, and the disk is not written to."""
