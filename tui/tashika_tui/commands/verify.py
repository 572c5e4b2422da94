"""`tashika verify`: whether a PDF is an authentic certificate, and how it stands."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.commands.connection import connected, endpoint
from tashika_tui.commands.outcome import not_authentic
from tashika_tui.commands.show_statement import statement_sections, title
from tashika_tui.commands.verification import (
    Trusted,
    read_pdf,
    read_roots,
    verify_with_folder,
    verify_with_register,
)
from tashika_tui.context import SessionContext
from tashika_tui.i18n import Texts
from tashika_tui.plain import plain
from tashika_tui.problems import Exit, LocalError
from tashika_tui.sheet import sheet
from tashika_tui.wording import moment_text

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


def verified_lines(texts: Texts, trusted: Trusted) -> list[str]:
    """The result in plain words: how it stands, as of when, who signed, and what that rests on."""
    found = trusted.verified
    lines = [found.sentence(texts.language)]
    as_of = moment_text(texts, found.as_of)
    lines.append(texts("verify.as_of", moment=as_of, until=moment_text(texts, found.next_update)))
    if found.version < found.current_version:
        lines.append(texts("verify.newer", version=found.version, current=found.current_version))
    signer = " / ".join(found.signer_names)
    lines.append(texts("verify.signed", signer=signer, moment=moment_text(texts, found.signed_at)))
    lines.append(texts(f"verify.basis_{trusted.basis.lower()}"))
    return lines


def verified_fields(trusted: Trusted) -> dict[str, object]:
    """The result for programmes."""
    found = trusted.verified
    return {
        "authentic": True,
        "standing": found.standing,
        "demo": found.demo,
        "basis": trusted.basis,
        "contract_number": found.contract_number,
        "version": found.version,
        "current_version": found.current_version,
        "contract_state": found.state,
        "as_of": plain(found.as_of),
        "next_update": plain(found.next_update),
        "signer_names": plain(found.signer_names),
        "signed_at": plain(found.signed_at),
        "pdf_sha256": found.pdf_sha256,
        "leaf_index": found.leaf_index,
        "log_size": found.log_size,
        "statement": plain(found.statement),
    }


def _show(session: SessionContext, trusted: Trusted) -> None:
    texts, console, found = session.texts, session.console, trusted.verified
    if found.demo:
        console.line(texts("certificate.demo"))
    console.lines(verified_lines(texts, trusted))
    if trusted.basis != "FOLDER":
        console.line(texts("verify.asked", server=endpoint(session).target))
    console.line()
    console.line(title(texts, found.statement))
    console.lines(sheet(statement_sections(texts, found.statement, found.state)))
