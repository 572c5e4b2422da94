"""`tashika get`: one contract, certificate or key notice by the contract's number."""

from dataclasses import dataclass
from pathlib import Path

from tashika_formats.key import normalise_key
from tashika_tui.client.port import Register
from tashika_tui.client.records import ContractRow, File
from tashika_tui.commands.asking import ask_secret
from tashika_tui.commands.connection import connected, signed_in
from tashika_tui.commands.open_certificate import read_number, verified_pdf
from tashika_tui.context import SessionContext
from tashika_tui.delivery import check_target, save
from tashika_tui.plain import plain
from tashika_tui.presenting.contract import contract_sections
from tashika_tui.presenting.sheet import sheet
from tashika_tui.problems import Exit, LocalError
from tashika_tui.verification import check_opened

KINDS = ("contract", "certificate", "notice", "attachment")


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What to get (one of KINDS) of which contract. `out` is where a PDF goes, None: standard output. `file` is which
    attachment, from 1 on (0: the only one). `with_key`: by number and key, without an account.
    """

    kind: str
    number: str
    out: Path | None = None
    version: int = 0
    file: int = 0
    with_key: bool = False
    force: bool = False
    json: bool = False


async def get(session: SessionContext, options: GetOptions) -> Exit:
    """Shows a contract, or gives a PDF. Raises LocalError, FormatError, RegisterError."""
    _check(options)
    number = read_number(options.number)
    if options.kind != "contract":
        _check_way_out(session, options)
    if options.with_key:
        _deliver(session, options, await _by_key(session, number, options.version))
        return Exit.DONE
    if session.visitor:
        raise LocalError("problem.visitor", Exit.REFUSED)
    async with signed_in(session) as register:
        row = await register.find_contract(number)
        if row is None:
            raise LocalError("problem.no_contract", Exit.REFUSED, number=number)
        if options.kind == "contract":
            await _show(session, register, row, json=options.json)
            return Exit.DONE
        file = await _download(register, row, options)
    _deliver(session, options, file)
    return Exit.DONE


def _check(options: GetOptions) -> None:
    if options.kind not in KINDS:
        raise LocalError("problem.get_kind", kinds=", ".join(KINDS))
    if options.json and options.kind != "contract":
        raise LocalError("problem.get_json")
    if options.out is not None and options.kind == "contract":
        raise LocalError("problem.get_out")
    if options.version and options.kind != "certificate":
        raise LocalError("problem.get_version")
    if options.file and options.kind != "attachment":
        raise LocalError("problem.get_file")
    if options.with_key and options.kind != "certificate":
        raise LocalError("problem.get_with_key")


def _check_way_out(session: SessionContext, options: GetOptions) -> None:
    if options.out is not None:
        check_target(options.out, overwrite=options.force)
    elif session.console.output_is_terminal:
        raise LocalError("problem.pdf_to_terminal")


async def _show(session: SessionContext, register: Register, row: ContractRow, *, json: bool) -> None:
    contract = await register.get_contract(row.contract_id)
    if json:
        session.console.json({"contract": plain(contract)})
    else:
        session.console.lines(sheet(contract_sections(session.texts, contract)))


async def _download(register: Register, row: ContractRow, options: GetOptions) -> File:
    if options.kind == "certificate":
        return await register.download_certificate(row.contract_id, options.version)
    if options.kind == "attachment":
        return await _attachment(register, row, options.file)
    return await register.download_key_notice(row.contract_id)


async def _attachment(register: Register, row: ContractRow, place: int) -> File:
    attachments = (await register.get_contract(row.contract_id)).attachments
    if not attachments:
        raise LocalError("problem.no_attachment", Exit.REFUSED)
    if place > len(attachments) or (not place and len(attachments) > 1):
        raise LocalError("problem.which_attachment", Exit.REFUSED, count=len(attachments))
    chosen = attachments[max(0, place - 1)]
    return await register.download_attachment(row.contract_id, chosen.attachment_id)


async def _by_key(session: SessionContext, number: str, version: int) -> File:
    """The verified PDF of a certificate that number and key open."""
    key = normalise_key(ask_secret(session, "open.prompt", from_input=not session.console.input_is_terminal))
    async with connected(session) as register:
        opened = await register.open_certificate(number, key)
        check_opened(opened, number)
        return (await verified_pdf(session, register, opened, version))[0]


def _deliver(session: SessionContext, options: GetOptions, file: File) -> None:
    if options.out is None:
        session.console.bytes(file.content)
        return
    save(options.out, file.content, overwrite=options.force)
    session.console.error(session.texts("get.saved", path=options.out))
