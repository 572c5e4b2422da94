"""`tashika get`: one contract, or one of its documents, by the contract's number."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tashika_formats.dates import parse_date
from tashika_formats.key import normalise_key
from tashika_tui.client.errors import BrokenAnswer
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

_MONTH = re.compile("([0-9]{4})-(0[1-9]|1[0-2])")

KINDS = ("contract", "certificate", "notice", "attachment", "fee-sheet", "fee-statement", "advance-request")


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What to get (one of KINDS) of which contract. `out` is where a PDF goes, None: standard output. `file` is which
    attachment, from 1 on (0: the only one). `with_key`: by number and key, without an account.

    Of the request for the advance: `copy` of the one that was handed in; `contract_date` is the works contract's,
    where the guarantee does not know it. `month` (YYYY-MM, empty: this one) is that of the monthly statement between
    the two parties of the contract.
    """

    kind: str
    number: str
    out: Path | None = None
    version: int = 0
    file: int = 0
    with_key: bool = False
    force: bool = False
    json: bool = False
    copy: bool = False
    contract_date: str = ""
    month: str = ""


async def get(session: SessionContext, options: GetOptions) -> Exit:
    """Shows a contract, or gives a PDF. Raises LocalError, FormatError, RegisterError."""
    _check(options)
    month = _month(options.month)
    signed = parse_date(options.contract_date) if options.contract_date else None
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
        file = await _download(register, row, options, signed, month)
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
    if (options.copy or options.contract_date) and options.kind != "advance-request":
        raise LocalError("problem.get_advance")
    if options.copy and options.contract_date:
        raise LocalError("problem.get_copy")
    if options.month and options.kind != "fee-statement":
        raise LocalError("problem.get_month")


def _month(typed: str) -> tuple[int, int] | None:
    """Year and month; None where none is given."""
    if not typed:
        return None
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise LocalError("problem.get_month_form")
    return int(found[1]), int(found[2])


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


async def _download(
    register: Register,
    row: ContractRow,
    options: GetOptions,
    signed: date | None,
    month: tuple[int, int] | None,
) -> File:
    match options.kind:
        case "certificate":
            return await register.download_certificate(row.contract_id, options.version)
        case "attachment":
            return await _attachment(register, row, options.file)
        case "fee-sheet":
            return await register.download_fee_sheet(row.contract_id)
        case "fee-statement":
            return await _statement(register, row, month)
        case "advance-request":
            return await register.download_advance_request(row.contract_id, signed, copy=options.copy)
        case _:
            return await register.download_key_notice(row.contract_id)


async def _statement(register: Register, row: ContractRow, month: tuple[int, int] | None) -> File:
    """The month between the parties of a contract, as whichever of them the caller is."""
    own = (await register.get_session()).organization_id
    other = row.guarantor_id if own == row.organization_id else row.organization_id
    if month is None:
        today = (await register.server_info()).today
        if today is None:
            raise BrokenAnswer("a server that does not say which day it is")
        month = today.year, today.month
    return await register.download_fee_statement(other, *month)


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
