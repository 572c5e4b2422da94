"""`tashika open`: a certificate by number and authentication key, without an account."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tashika_formats.key import KeyTypingError, normalise_key
from tashika_formats.number import NumberTypingError, normalise_number
from tashika_formats.status import ENDED_STATES
from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.client.port import Register
from tashika_tui.client.records import File, OpenedCertificate
from tashika_tui.commands.asking import STANDARD_INPUT, ask_secret
from tashika_tui.commands.connection import connected
from tashika_tui.context import SessionContext
from tashika_tui.delivery import check_target, save
from tashika_tui.plain import plain
from tashika_tui.presenting.sheet import sheet
from tashika_tui.presenting.statement import statement_sections, title
from tashika_tui.presenting.verification import verified_fields, verified_lines
from tashika_tui.presenting.wording import day_text
from tashika_tui.problems import Exit, LocalError
from tashika_tui.verification import Trusted, check_opened, is_demo, verify_with_register


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """`sources` is what stands behind the number: nothing, or `-`; `pdf` is where to save the PDF."""

    number: str
    sources: tuple[str, ...] = ()
    pdf: Path | None = None
    force: bool = False
    json: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    opened: OpenedCertificate
    statement: dict[str, Any]
    demo: bool
    trusted: Trusted | None


async def open_certificate(session: SessionContext, options: OpenOptions) -> Exit:
    """Opens, shows and checks a certificate; saves its PDF, if asked to, only once it is verified.

    NOT_CURRENT where the guarantee has ended. Raises LocalError, FormatError, RegisterError.
    """
    number = read_number(options.number, options.sources)
    if options.pdf is not None:
        check_target(options.pdf, overwrite=options.force)
    asked = ask_secret(session, "open.prompt", from_input=options.sources == (STANDARD_INPUT,))
    key = normalise_key(asked)
    async with connected(session) as register:
        opened = await register.open_certificate(number, key)
        statement = check_opened(opened, number)
        trusted = None
        if options.pdf is not None:
            trusted = await _save_pdf(session, register, opened, options.pdf, options.force)
    shown = _Shown(opened, statement, is_demo(opened), trusted)
    if options.json:
        session.console.json(_fields(shown, options.pdf))
    else:
        _show(session, shown, options.pdf)
    return Exit.NOT_CURRENT if opened.contract_state in ENDED_STATES else Exit.DONE


def read_number(text: str, sources: tuple[str, ...] = ()) -> str:
    """The number, if nothing on the command line is or may be a key. Raises LocalError, NumberTypingError."""
    if sources not in ((), (STANDARD_INPUT,)):
        raise LocalError("problem.key_in_arguments")
    try:
        return normalise_number(text)
    except NumberTypingError:
        if _is_key(text):
            raise LocalError("problem.key_in_arguments") from None
        raise


def _is_key(text: str) -> bool:
    try:
        normalise_key(text)
    except KeyTypingError:
        return False
    return True


async def _save_pdf(
    session: SessionContext, register: Register, opened: OpenedCertificate, path: Path, force: bool
) -> Trusted:
    file, trusted = await verified_pdf(session, register, opened)
    save(path, file.content, overwrite=force)
    return trusted


async def verified_pdf(
    session: SessionContext, register: Register, opened: OpenedCertificate, version: int = 0
) -> tuple[File, Trusted]:
    """The PDF of a version (0: the current one) of what was opened, if register and signature vouch for it.

    Raises NotAuthenticError, LocalError for a version that is not there, RegisterError.
    """
    wanted = version or opened.version
    digests = {row.version: row.pdf_sha256 for row in opened.versions} | {opened.version: opened.pdf_sha256}
    if wanted not in digests:
        raise LocalError("problem.no_version", Exit.REFUSED, version=wanted)
    file = await register.download_viewed(opened.viewing_token, wanted)
    if file.sha256 != digests[wanted]:
        raise NotAuthenticError("ALTERED", "the download is not the file that was opened")
    trusted = await verify_with_register(register, file.content, (), session.now())
    found = trusted.verified
    if (found.contract_number, found.version) != (opened.contract_number, wanted):
        raise NotAuthenticError("RECORD_DIFFERS", "the file is another certificate's")
    return file, trusted


def _show(session: SessionContext, shown: _Shown, pdf: Path | None) -> None:
    texts, console, opened = session.texts, session.console, shown.opened
    if shown.demo:
        console.line(texts("certificate.demo"))
    console.line(title(texts, shown.statement))
    console.lines(sheet(statement_sections(texts, shown.statement, opened.contract_state)))
    console.line()
    console.line(texts("heading.versions"))
    for row in opened.versions:
        key = "open.version_current" if row.version == opened.version else "open.version_earlier"
        console.line("  " + texts(key, version=row.version, day=day_text(texts, row.issue_date)))
    console.line()
    if shown.trusted is None:
        console.line(texts("open.signature_checked"))
    else:
        console.lines(verified_lines(texts, shown.trusted))
        console.line(texts("open.saved", path=pdf))
    if opened.contract_state in ENDED_STATES:
        console.line(texts("open.ended", state=texts.choice("state", opened.contract_state)))


def _fields(shown: _Shown, pdf: Path | None) -> dict[str, object]:
    opened = shown.opened
    fields: dict[str, object] = {
        "contract_number": opened.contract_number,
        "version": opened.version,
        "contract_state": opened.contract_state,
        "demo": shown.demo,
        "statement": shown.statement,
        "versions": plain(opened.versions),
        "pdf_sha256": opened.pdf_sha256,
    }
    if shown.trusted is not None:
        fields["verification"] = verified_fields(shown.trusted)
        fields["pdf"] = str(pdf)
    return fields
