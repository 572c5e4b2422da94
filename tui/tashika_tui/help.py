"""`--help` in the caller's language. The texts stand in the catalogues; commands and options name their keys."""

from typing import Any

import typer.core

from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.presenting.sheet import Section, sheet


class Command(typer.core.TyperCommand):
    """A command whose help comes from the catalogues."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the help; the session comes with the call's context."""
        formatter.write(_help(self, ctx))


class Group(typer.core.TyperGroup):
    """The programme itself."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the help; the session comes with the call's context."""
        formatter.write(_help(self, ctx))


def _help(command: Any, ctx: Any) -> str:
    session: SessionContext = ctx.obj
    texts = session.texts
    arguments = [param for param in command.get_params(ctx) if param.param_type_name == "argument"]
    options = [param for param in command.get_params(ctx) if param.param_type_name == "option"]
    commands = [
        (name, texts(f"{found.help}_short")) for name, found in getattr(command, "commands", {}).items()
    ]
    lines = [texts("help.usage", usage=f"{ctx.command_path} {command.options_metavar}".strip()), ""]
    lines += texts(command.help).strip().splitlines()
    lines += sheet(
        [
            Section(texts("help.commands"), commands),
            Section(texts("help.arguments"), [_row(texts, param) for param in arguments]),
            Section(texts("help.options"), [_row(texts, param) for param in options]),
        ]
    )
    if texts.has(f"{command.help}_more"):
        lines += ["", *texts(f"{command.help}_more").strip().splitlines()]
    return "\n".join(lines) + "\n"


def _row(texts: Texts, param: Any) -> tuple[str, str]:
    if param.param_type_name == "argument":
        return param.metavar or param.name, texts(param.help)
    if param.name == "help":
        return "--help", texts("option.help")
    name = " ".join(part for part in (", ".join(param.opts), param.metavar) if part)
    return name, texts(param.help)
