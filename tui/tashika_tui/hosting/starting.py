"""`tashika ssh-host`: the host itself, and the two small things that OpenSSH runs instead of it."""

import asyncio
import os
from dataclasses import dataclass, fields
from pathlib import Path

from tashika_tui.context import SessionContext
from tashika_tui.hosting.limits import Bounds
from tashika_tui.hosting.settings import BOUNDS, HostSettings, load_settings
from tashika_tui.presenting.sheet import Section, sheet
from tashika_tui.problems import Exit, LocalError


@dataclass(frozen=True, slots=True)
class HostOptions:
    """What the command line said. `config` is the settings file; None: that of TASHIKA_SSH_HOST, else none."""

    config: Path | None = None
    listen: str | None = None
    server: str | None = None
    ca: str | None = None
    settings: bool = False
    one_session: bool = False
    viewer: bool = False
    authorized_keys: tuple[str, str] | None = None


def run_host(session: SessionContext, options: HostOptions) -> int:
    """Does what was asked for. Gives the exit code. Raises LocalError, RegisterError."""
    if options.settings:
        session.console.lines(sheet([_settings_section(session)]))
        return Exit.DONE
    named = session.environment.get("TASHIKA_SSH_HOST")
    file = options.config or (Path(named) if named else None)
    flags = {"listen": options.listen, "server": options.server, "ca": options.ca}
    settings = load_settings(file.absolute() if file else None, flags, session.environment)
    if options.authorized_keys is not None:
        from tashika_tui.hosting.one_session import print_authorized_key

        return asyncio.run(print_authorized_key(session, settings, *options.authorized_keys))
    if options.one_session:
        from tashika_tui.hosting.one_session import run_one_session

        return run_one_session(session, settings, viewer=options.viewer)
    return _serve(session, settings)


def _serve(session: SessionContext, settings: HostSettings) -> int:
    if not hasattr(os, "fork"):
        raise LocalError("hosting.no_fork")
    from tashika_tui.hosting.host import serve

    def say(line: str) -> None:
        session.console.line(line)
        session.console.output.flush()

    asyncio.run(serve(settings, say, session.texts))
    return Exit.DONE


def _settings_section(session: SessionContext) -> Section:
    """Every setting with what it is by itself, and what it means."""
    texts, default = session.texts, HostSettings()
    plain = [item.name for item in fields(HostSettings) if item.name != "bounds"]
    values = {name: getattr(default, name) for name in plain}
    values |= {name: getattr(Bounds(), field) for name, field in BOUNDS.items()}
    rows = []
    for name, value in values.items():
        shown = f'"{value}"' if isinstance(value, str) else value or ""
        rows.append((f"{name} = {shown}".rstrip(" ="), texts(f"hosting_setting.{name}")))
    return Section("", rows)
