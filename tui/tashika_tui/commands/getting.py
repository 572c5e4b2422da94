"""`tashika get`: one contract, certificate or key notice by the contract's number."""

from dataclasses import dataclass
from pathlib import Path

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

KINDS = ("contract", "certificate", "notice")


@dataclass(frozen=True, slots=True)
class GetOptions:
    """What to get (one of KINDS) of which contract. `out` is where a PDF goes, None: standard output."""

    kind: str
    number: str
    out: Path | None = None
    version: int = 0
    force: bool = False
    json: bool = False


async def get(session: SessionContext, options: GetOptions) -> Exit:
    """Shows a contract, or gives a PDF. Raises LocalError, FormatError, RegisterError."""
    _check(options)
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
    return await register.download_key_notice(row.contract_id)


def _deliver(session: SessionContext, options: GetOptions, file: File) -> None:
    if options.out is None:
        session.console.bytes(file.content)
        return
    save(options.out, file.content, overwrite=options.force)
    session.console.error(session.texts("get.saved", path=options.out))
