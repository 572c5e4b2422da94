"""`tashika-server`: serve the register, and look after it on its host."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from tashika_server.config import Settings, SettingsError, load_settings

T = TypeVar("T")

app = typer.Typer(
    help="Tashika: the register of electronic guarantees (電子保証の登録簿).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Data = Annotated[str | None, typer.Option("--data", help="The data folder; TASHIKA_DATA.")]
Keys = Annotated[
    str | None, typer.Option("--keys", help="The keys folder; TASHIKA_KEYS; default: DATA-keys.")
]
Config = Annotated[Path | None, typer.Option("--config", help="A settings file (TOML).")]
Demo = Annotated[bool, typer.Option("--demo", help="Make and accept demonstration authorities (見本 DEMO).")]


@app.command()
def serve(
    data: Data = None,
    keys: Keys = None,
    config: Config = None,
    listen: Annotated[
        str | None, typer.Option("--listen", help="unix:PATH or HOST:PORT; default: the user's own socket.")
    ] = None,
    tls_cert: Annotated[str | None, typer.Option("--tls-cert", help="The certificate chain (PEM).")] = None,
    tls_key: Annotated[str | None, typer.Option("--tls-key", help="Its key (PEM).")] = None,
    client_ca: Annotated[
        str | None,
        typer.Option("--client-ca", help="Clients must have a certificate of these authorities (PEM)."),
    ] = None,
    log_level: Annotated[
        str | None, typer.Option("--log-level", help="DEBUG, INFO, WARNING or ERROR.")
    ] = None,
    demo: Demo = False,
) -> None:
    """Serve until SIGTERM; prints one line when ready. The first start makes the database and the keys."""
    flags = _flags(data, keys, demo)
    flags |= {"listen": listen, "tls_cert": tls_cert, "tls_key": tls_key, "client_ca": client_ca}
    flags |= {"log_level": log_level}
    settings = _settings(flags, config)
    from tashika_server.host.serving import serve_until_signalled

    _run(lambda: serve_until_signalled(settings, _say))


@app.command()
def demo(
    script: Annotated[
        bool, typer.Option("--script", help="Play the main job by gRPC and leave what it made.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="The folder for what --script makes.")] = None,
    connect: Annotated[
        str | None, typer.Option("--connect", help="Play against this server (unix:PATH or HOST:PORT).")
    ] = None,
    listen: Annotated[str | None, typer.Option("--listen", help="Where the embedded server listens.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Keep the data here; default: a temporary folder.")
    ] = None,
    keep_serving: Annotated[
        bool, typer.Option("--keep-serving", help="After the script, serve until SIGTERM.")
    ] = False,
    contracts: Annotated[
        int, typer.Option("--contracts", min=0, max=100_000, help="Sample contracts to make.")
    ] = 300,
    ca: Annotated[
        Path | None, typer.Option("--ca", help="With --connect: the authority of the server (PEM).")
    ] = None,
    no_client: Annotated[
        bool, typer.Option("--no-client", help="Do not open the full-screen client at this terminal.")
    ] = False,
) -> None:
    """Serve sample organisations, people, policies and contracts; everything is marked 見本 DEMO.

    At a terminal, Enter opens the full-screen client, and the demo ends with it.
    """
    from tashika_server.demo.options import DemoOptions
    from tashika_server.demo.run import run_demo

    options = DemoOptions(script, out, connect, listen, data, keep_serving, contracts, ca, not no_client)
    raise typer.Exit(_run(lambda: run_demo(options)))


@app.command(name="import-orderers")
def import_orderers(
    file: Annotated[Path, typer.Argument(help="A policy file (tashika-orderers/1).")],
    data: Data = None,
    keys: Keys = None,
    config: Config = None,
    demo: Demo = False,
) -> None:
    """Take in a file of orderers' policies, while no server runs on the data."""
    settings = _settings(_flags(data, keys, demo), config)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file} can't be read: {error}", 2)
    from tashika_server.host.upkeep import import_policies

    imported = _run(lambda: import_policies(settings, text))
    for mark, names in (("+", imported.added), ("~", imported.changed), ("=", imported.unchanged)):
        for name in names:
            _say(f"{mark} {name}")


@app.command(name="create-operator")
def create_operator(
    login_name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")] = "",
    data: Data = None,
    keys: Keys = None,
    config: Config = None,
    demo: Demo = False,
) -> None:
    """Make an operator's account, while no server runs on the data. The password comes from standard input."""
    settings = _settings(_flags(data, keys, demo), config)
    password = _password()
    from tashika_server.host.upkeep import make_operator

    user = _run(lambda: make_operator(settings, login_name, name or login_name, password))
    _say(f"operator {user.login_name} made")


@app.command()
def migrate(data: Data = None, keys: Keys = None, config: Config = None) -> None:
    """Bring the database's tables to this version, while no server runs on them."""
    settings = _settings(_flags(data, keys, False), config)
    from tashika_server.host.upkeep import migrate_tables

    before, after = _guard(lambda: migrate_tables(settings))
    _say(
        f"tables of version {before} -> {after}"
        if before != after
        else f"tables are of version {after} already"
    )


@app.command()
def fsck(data: Data = None, keys: Keys = None, config: Config = None, demo: Demo = False) -> None:
    """Check that everything fits together; prints what does not, and exits 1 then. No server may run meanwhile."""
    settings = _settings(_flags(data, keys, demo), config)
    from tashika_server.host.upkeep import check_store

    report = _guard(lambda: check_store(settings))
    for line in report.lines:
        _say(line)
    raise typer.Exit(0 if report.sound else 1)


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    data: Data = None,
    keys: Keys = None,
    config: Config = None,
) -> None:
    """Copy database, then documents, while the server may run. Never the keys: back them up elsewhere."""
    settings = _settings(_flags(data, keys, False), config)
    from tashika_server.host.upkeep import back_up

    _say(_guard(lambda: back_up(settings, to)))


@app.command()
def outbox(
    dead: Annotated[bool, typer.Option("--dead", help="List only what was given up.")] = False,
    pending: Annotated[bool, typer.Option("--pending", help="List only what waits.")] = False,
    retry: Annotated[
        list[str] | None,
        typer.Option("--retry", help="Try a mail again that was given up, by its id; `all`: every one."),
    ] = None,
    data: Data = None,
    keys: Keys = None,
    config: Config = None,
) -> None:
    """List the mails that wait and those that were given up, while the server may run; with --retry try them again."""
    settings = _settings(_flags(data, keys, False), config)
    from tashika_server.domain.mailing import MailState
    from tashika_server.host.outbox import list_outbox
    from tashika_server.host.outbox import retry as retry_mails

    if retry:
        lines = _run(lambda: retry_mails(settings, retry))
    else:
        wanted = [s for s, asked in ((MailState.PENDING, pending), (MailState.DEAD, dead)) if asked]
        lines = _guard(lambda: list_outbox(settings, wanted or (MailState.PENDING, MailState.DEAD)))
    for line in lines:
        _say(line)


@app.command(name="settings")
def show_settings() -> None:
    """List every setting: flag, environment variable, default and meaning."""
    from tashika_server.config import SETTINGS

    for setting in SETTINGS:
        flag = f"--{setting.name.replace('_', '-')}" if setting.flag else "(no flag)"
        _say(f"{setting.name}  {setting.variable}  {flag}  [{setting.default}]\n    {setting.help}")


def main() -> None:
    """Run the command line."""
    os.umask(0o077)
    # gRPC's core would write lines of its own between those of the log; it reads this when it is first imported.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    app()


def _flags(data: str | None, keys: str | None, demo: bool) -> dict[str, str | None]:
    return {"data": data, "keys": keys, "demo": "yes" if demo else None}


def _settings(flags: dict[str, str | None], config: Path | None) -> Settings:
    try:
        return load_settings(flags, os.environ, config)
    except SettingsError as error:
        _fail(str(error), 2)


def _run(job: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return _guard(lambda: asyncio.run(job()))


def _guard(job: Callable[[], T]) -> T:
    """Do something, and turn the troubles that a person can mend into a sentence and exit code 1."""
    from tashika_server.host.troubles import explain

    try:
        return job()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        _fail(sentence, 1)


def _password() -> str:
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\r\n")


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(sentence: str, code: int) -> NoReturn:
    print(f"tashika-server: {sentence}", file=sys.stderr)
    raise typer.Exit(code)
