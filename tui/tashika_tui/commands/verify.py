"""`tashika verify`: whether a PDF is an authentic certificate, and how it stands."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.commands.connection import connected
from tashika_tui.commands.outcome import not_authentic
from tashika_tui.context import SessionContext
from tashika_tui.presenting.sheet import sheet
from tashika_tui.presenting.statement import statement_sections, title
from tashika_tui.presenting.verification import verified_fields, verified_lines
from tashika_tui.problems import Exit, LocalError
from tashika_tui.verification import (
    Trusted,
    read_pdf,
    read_roots,
    verify_with_folder,
    verify_with_register,
)

_CURRENT = "CURRENT"


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """`trust` is a trust folder for offline use; `roots` a folder of authorities for use with the register."""

    file: Path
    trust: Path | None = None
    roots: Path | None = None
    json: bool = False


async def verify(session: SessionContext, options: VerifyOptions) -> Exit:
    """Verifies and says the result: DONE, NOT_AUTHENTIC, or NOT_CURRENT for an authentic certificate that is
    stale, superseded or ended. Raises LocalError, FormatError, RegisterError.
    """
    if options.trust is not None and (options.roots is not None or session.server is not None):
        raise LocalError("problem.trust_and_server")
    data = read_pdf(options.file)
    try:
        trusted = await _verify(session, options, data)
    except NotAuthenticError as error:
        if not options.json:
            raise
        session.console.json(
            {"authentic": False, "reason": error.reason, "sentence": error.sentence(session.language)}
        )
        session.console.error(session.texts("problem.line", sentence=not_authentic(session, error)))
        return Exit.NOT_AUTHENTIC
    if options.json:
        session.console.json(verified_fields(trusted))
    else:
        _show(session, trusted)
    return Exit.DONE if trusted.verified.standing == _CURRENT else Exit.NOT_CURRENT


async def _verify(session: SessionContext, options: VerifyOptions, data: bytes) -> Trusted:
    now = session.now()
    if options.trust is not None:
        return await asyncio.to_thread(verify_with_folder, data, options.trust, now)
    roots = read_roots(options.roots) if options.roots is not None else ()
    async with connected(session) as register:
        return await verify_with_register(register, data, roots, now)


def _show(session: SessionContext, trusted: Trusted) -> None:
    texts, console, found = session.texts, session.console, trusted.verified
    if found.demo:
        console.line(texts("certificate.demo"))
    console.lines(verified_lines(texts, trusted))
    if trusted.basis != "FOLDER":
        console.line(texts("verify.asked", server=session.endpoint().target))
    console.line()
    console.line(title(texts, found.statement))
    console.lines(sheet(statement_sections(texts, found.statement, found.state)))
