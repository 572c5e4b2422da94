"""`tashika`: the commands as they are typed. What they do stands in `commands`.

Exit codes: 0 done, 2 usage, 3 refused, 4 typing error in number or key, 5 server not reachable, 6 not authentic,
7 authentic but stale, superseded or ended; 1 a fault of the programme, 130 interrupted, 141 nobody reads on.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from tashika_tui import help as bilingual
from tashika_tui.context import SessionContext
from tashika_tui.i18n import LANGUAGES, Texts, take_language
from tashika_tui.problems import Exit, LocalError
from tashika_tui.process import process_session, silence_output
from tashika_tui.version import client_version

PROGRAM = "tashika"

app = typer.Typer(
    cls=bilingual.Group,
    help="help.tashika",
    options_metavar="COMMAND ...",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    suggest_commands=False,
)

ServerOption = Annotated[str | None, typer.Option("--server", metavar="ADDR", help="option.server")]
CaOption = Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="option.ca")]
JsonOption = Annotated[bool, typer.Option("--json", help="option.json")]
ForceOption = Annotated[bool, typer.Option("--force", help="option.force")]
SecretArgument = Annotated[list[str] | None, typer.Argument(metavar="[-]", help="argument.from_input")]


def main() -> int:
    """Runs the programme on this process's arguments and streams. Gives the exit code."""
    return run(sys.argv[1:], process_session())


def run(arguments: Sequence[str], session: SessionContext) -> int:
    """Runs one command. Gives the exit code; errors are said on the session's console."""
    chosen, rest = take_language(arguments)
    if chosen in LANGUAGES:
        session = replace(session, texts=Texts(chosen))
    elif chosen is not None:
        return _usage(session, session.texts("usage.language"))
    try:
        code = typer.main.get_command(app).main(rest, prog_name=PROGRAM, standalone_mode=False, obj=session)
    except typer.TyperException as error:
        return _usage(session, _usage_sentence(session, error))
    except OSError as error:
        # The help itself could not be written.
        return _finish(session, _report(session, error))
    return _finish(session, int(code or Exit.DONE))


def _perform(session: SessionContext, work: Coroutine[Any, Any, Exit]) -> int:
    """Runs a command to its end; whatever goes wrong becomes a sentence and an exit code."""
    return _guard(session, lambda: asyncio.run(work))


def _guard(session: SessionContext, work: Callable[[], int]) -> int:
    try:
        return work()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        silence_output()
        return Exit.BROKEN_PIPE
    except Exception as error:
        return _report(session, error)


def _finish(session: SessionContext, code: int) -> int:
    """Write out what is still buffered: Python would do so too late to say what went wrong, and exit with 120."""
    try:
        session.console.output.flush()
    except BrokenPipeError:
        silence_output()
        return Exit.BROKEN_PIPE
    except OSError as error:
        silence_output()
        return _report(session, error) if code == Exit.DONE else code
    return code


def _report(session: SessionContext, error: Exception) -> int:
    from tashika_tui.commands.outcome import report

    return report(session, error, _server_name(session))


def _server_name(session: SessionContext) -> str:
    try:
        return session.endpoint().target
    except LocalError:
        return ""


def _usage(session: SessionContext, sentence: str) -> int:
    session.console.error(session.texts("problem.line", sentence=sentence))
    return Exit.USAGE


def _usage_sentence(session: SessionContext, error: Exception) -> str:
    """What is wrong with how a command was called, without what was typed: it may be a key."""
    texts = session.texts
    param: Any = getattr(error, "param", None)
    ctx: Any = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else PROGRAM
    name = (param.metavar or param.opts[0]) if param is not None else ""
    match type(error).__name__:
        case "NoSuchOption" | "BadOptionUsage":
            sentence = texts("usage.option", option=str(getattr(error, "option_name", "")).split("=")[0])
        case "MissingParameter":
            sentence = texts("usage.missing", name=name)
        case "BadParameter":
            sentence = texts("usage.value", name=name)
        case _ if path == PROGRAM:
            sentence = texts("usage.command")
        case _:
            sentence = texts("usage.arguments")
    return f"{sentence} {texts('usage.see_help', command=path)}"


def _session(ctx: typer.Context, server: str | None, ca: Path | None) -> SessionContext:
    found: SessionContext = ctx.obj
    return found.at(server, ca)


@app.callback(invoke_without_command=True)
def tashika(
    ctx: typer.Context,
    server: ServerOption = None,
    ca: CaOption = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="ja|en", help="option.lang")] = None,
    version: Annotated[bool, typer.Option("--version", help="option.version")] = False,
) -> int:
    """What stands before a command. `lang` is taken out of the arguments before this."""
    session = ctx.obj = _session(ctx, server, ca)
    if version:
        session.console.line(f"{PROGRAM} {client_version()}")
        raise typer.Exit(Exit.DONE)
    if ctx.invoked_subcommand is None:
        if session.console.input_is_terminal and session.console.output_is_terminal:
            raise typer.Exit(_full_screen(session))
        session.console.errors.write(f"{ctx.get_help()}\n")
        raise typer.Exit(Exit.USAGE)
    return Exit.DONE


def _full_screen(session: SessionContext) -> int:
    """Opens the client."""
    from tashika_tui.full_screen import run_client

    return run_client(session)


@app.command(
    "open", cls=bilingual.Command, help="help.open", options_metavar="NUMBER [-] [--json] [--pdf FILE]"
)
def open_(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="argument.number")],
    source: SecretArgument = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="option.pdf")] = None,
    force: ForceOption = False,
    json: JsonOption = False,
    server: ServerOption = None,
    ca: CaOption = None,
) -> int:
    """Opens a certificate with number and key."""
    from tashika_tui.commands.open_certificate import OpenOptions, open_certificate

    session = _session(ctx, server, ca)
    options = OpenOptions(number, tuple(source or ()), pdf, force, json)
    return _perform(session, open_certificate(session, options))


@app.command(
    "verify",
    cls=bilingual.Command,
    help="help.verify",
    options_metavar="FILE.pdf [--trust DIR | --server ADDR]",
)
def verify(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="argument.file")],
    trust: Annotated[Path | None, typer.Option("--trust", metavar="DIR", help="option.trust")] = None,
    roots: Annotated[Path | None, typer.Option("--roots", metavar="DIR", help="option.roots")] = None,
    json: JsonOption = False,
    server: ServerOption = None,
    ca: CaOption = None,
) -> int:
    """Verifies a certificate's PDF."""
    from tashika_tui.commands.verify import VerifyOptions
    from tashika_tui.commands.verify import verify as work

    session = _session(ctx, server, ca)
    return _perform(session, work(session, VerifyOptions(file, trust, roots, json)))


@app.command("login", cls=bilingual.Command, help="help.login", options_metavar="NAME [-]")
def login(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="argument.login_name")],
    source: SecretArgument = None,
    server: ServerOption = None,
    ca: CaOption = None,
) -> int:
    """Signs in."""
    from tashika_tui.commands import account

    session = _session(ctx, server, ca)
    options = account.LoginOptions(name, tuple(source or ()))
    return _perform(session, account.login(session, options))


@app.command("password", cls=bilingual.Command, help="help.password", options_metavar="[-]")
def password(
    ctx: typer.Context, source: SecretArgument = None, server: ServerOption = None, ca: CaOption = None
) -> int:
    """Changes the password."""
    from tashika_tui.commands import account

    session = _session(ctx, server, ca)
    return _perform(session, account.change_password(session, tuple(source or ())))


@app.command("logout", cls=bilingual.Command, help="help.logout", options_metavar="")
def logout(ctx: typer.Context, server: ServerOption = None, ca: CaOption = None) -> int:
    """Signs out."""
    from tashika_tui.commands import account

    session = _session(ctx, server, ca)
    return _perform(session, account.logout(session))


@app.command(
    "list",
    cls=bilingual.Command,
    help="help.list",
    options_metavar="[contracts|works|orderers] [--state STATE]",
)
def list_(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="WHAT", help="argument.list_kind")] = "contracts",
    state: Annotated[str, typer.Option("--state", metavar="STATE", help="option.state")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="option.limit")] = 50,
    json: JsonOption = False,
    server: ServerOption = None,
    ca: CaOption = None,
) -> int:
    """Lists contracts, works or orderers."""
    from tashika_tui.commands.listing import ListOptions, list_things

    session = _session(ctx, server, ca)
    return _perform(session, list_things(session, ListOptions(kind, state, limit, json)))


@app.command(
    "get",
    cls=bilingual.Command,
    help="help.get",
    options_metavar="contract|certificate|notice|attachment NUMBER [--out FILE]",
)
def get(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="WHAT", help="argument.get_kind")],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="argument.number")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="option.out")] = None,
    version: Annotated[int, typer.Option("--version", metavar="N", min=0, help="option.get_version")] = 0,
    file: Annotated[int, typer.Option("--file", metavar="N", min=0, help="option.get_file")] = 0,
    with_key: Annotated[bool, typer.Option("--with-key", help="option.with_key")] = False,
    force: ForceOption = False,
    json: JsonOption = False,
    server: ServerOption = None,
    ca: CaOption = None,
) -> int:
    """Gets one thing by its contract's number."""
    from tashika_tui.commands import getting

    session = _session(ctx, server, ca)
    options = getting.GetOptions(kind, number, out, version, file, with_key, force, json)
    return _perform(session, getting.get(session, options))


@app.command("ssh-host", cls=bilingual.Command, help="help.ssh_host", options_metavar="[--config FILE]")
def ssh_host(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="option.host_config")
    ] = None,
    listen: Annotated[str | None, typer.Option("--listen", metavar="ADDR", help="option.host_listen")] = None,
    settings: Annotated[bool, typer.Option("--settings", help="option.host_settings")] = False,
    one_session: Annotated[bool, typer.Option("--one-session", help="option.one_session")] = False,
    viewer: Annotated[bool, typer.Option("--viewer", help="option.viewer")] = False,
    authorized_keys: Annotated[
        tuple[str, str] | None,
        typer.Option("--authorized-keys", metavar="TYPE KEY", help="option.authorized_keys"),
    ] = None,
    server: ServerOption = None,
    ca: CaOption = None,
) -> int:
    """Lets people in over SSH."""
    from tashika_tui.hosting.starting import HostOptions, run_host

    session: SessionContext = ctx.obj
    options = HostOptions(
        config, listen, server, str(ca) if ca else None, settings, one_session, viewer, authorized_keys
    )
    return _guard(session, lambda: run_host(session, options))


if __name__ == "__main__":
    sys.exit(main())
