"""`tashika get`: one contract, or one of its documents, by the contract's number."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tashika_formats.dates import parse_date
from tashika_tui.client.port import Register
from tashika_tui.client.records import ContractRow, File
from tashika_tui.commands.connection import signed_in
from tashika_tui.commands.open_certificate import read_number
from tashika_tui.context import SessionContext
from tashika_tui.delivery import check_target, save
from tashika_tui.plain import plain
from tashika_tui.presenting.contract import contract_sections
from tashika_tui.presenting.sheet import sheet
from tashika_tui.problems import Exit, LocalError

KINDS = ("contract", "certificate", "notice", "fee-sheet", "advance-request")


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What to get (one of KINDS) of which contract. `out` is where a PDF goes, None: standard output.

    Of the request for the advance: `copy` of the one that was handed in; `contract_date` is the works contract's,
    where the guarantee does not know it.
    """

    kind: str
    number: str
    out: Path | None = None
    version: int = 0
    force: bool = False
    json: bool = False
    copy: bool = False
    contract_date: str = ""


async def get(session: SessionContext, options: GetOptions) -> Exit:
    """Shows a contract, or gives a PDF. Raises LocalError, FormatError, RegisterError."""
    _check(options)
    signed = parse_date(options.contract_date) if options.contract_date else None
    number = read_number(options.number)
    if options.kind != "contract":
        _check_way_out(session, options)
    async with signed_in(session) as register:
        row = await register.find_contract(number)
        if row is None:
            raise LocalError("problem.no_contract", Exit.REFUSED, number=number)
        if options.kind == "contract":
            await _show(session, register, row, json=options.json)
            return Exit.DONE
        file = await _download(register, row.contract_id, options, signed)
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
    if (options.copy or options.contract_date) and options.kind != "advance-request":
        raise LocalError("problem.get_advance")
    if options.copy and options.contract_date:
        raise LocalError("problem.get_copy")


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


async def _download(register: Register, contract_id: str, options: GetOptions, signed: date | None) -> File:
    match options.kind:
        case "certificate":
            return await register.download_certificate(contract_id, options.version)
        case "fee-sheet":
            return await register.download_fee_sheet(contract_id)
        case "advance-request":
            return await register.download_advance_request(contract_id, signed, copy=options.copy)
        case _:
            return await register.download_key_notice(contract_id)


def _deliver(session: SessionContext, options: GetOptions, file: File) -> None:
    if options.out is None:
        session.console.bytes(file.content)
        return
    save(options.out, file.content, overwrite=options.force)
    session.console.error(session.texts("get.saved", path=options.out))
