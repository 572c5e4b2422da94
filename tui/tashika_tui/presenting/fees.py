"""Fees in words: how one was worked out, what came in, what is owed; and the request for the advance."""

from tashika_formats.money import group_digits
from tashika_tui.client.records import AdvanceRequest, Contract, FeeBasis, FeeEntry, TariffTable
from tashika_tui.i18n import Texts
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import day_text, yen_text

# What an entry of the ledger does to what is owed.
_SIGNS = {"CHARGE": 1, "REFUND": 1, "PAYMENT": -1, "REVERSAL": -1}
_DECIMALS = 3


def fee_sections(texts: Texts, contract: Contract) -> list[Section]:
    """The fee with its balance, how it came about, and all that was booked; nothing before the acceptance."""
    if contract.fee_yen is None and not contract.ledger:
        return []
    return [_fee(texts, contract), _basis(texts, contract.fee_basis), _ledger(texts, contract.ledger)]


def fee_is_told(contract: Contract) -> bool:
    """Whether both sides know the fee, so that there is a sheet about it."""
    return contract.fee_yen is not None and contract.state != "PENDING_APPROVAL"


def receipt_is_due(contract: Contract) -> bool:
    """Whether money came in that no receipt was sent for."""
    received = sum({"PAYMENT": 1, "REFUND": -1}.get(e.kind, 0) * e.amount_yen for e in contract.ledger)
    return contract.receipt_sent is None and received > 0


def label_of(contract: Contract) -> str:
    """What must stand beside the contract's fee: 架空の料率, or nothing."""
    basis = contract.fee_basis
    return basis.label if basis is not None else next((e.label for e in contract.ledger if e.label), "")


def labelled(texts: Texts, text: str, label: str) -> str:
    """A text with the label that must stand beside it."""
    return (
        texts("fees.labelled", text=text, label=texts("fees.label", label=label)) if text and label else text
    )


def plain_yen(texts: Texts, amount: int) -> str:
    """An amount within a sentence or a table, which may be negative."""
    return texts("value.yen", amount=group_digits(amount))


def percent_text(rate_per_100000: int) -> str:
    """A rate in percent, with all the places that it has: 333 is 0.333%."""
    whole, rest = divmod(rate_per_100000, 10**_DECIMALS)
    return f"{whole}.{rest:0{_DECIMALS}d}%"


def band_text(texts: Texts, over_yen: int, up_to_yen: int | None) -> str:
    """Which amounts a band of a tariff is for, as short as clerks write it."""
    over = _short_yen(texts, over_yen)
    if up_to_yen is None:
        return texts("fees.band_over", over=over) if over_yen else texts("fees.band_any")
    up_to = _short_yen(texts, up_to_yen)
    return (
        texts("fees.band_between", over=over, up_to=up_to)
        if over_yen
        else texts("fees.band_up_to", up_to=up_to)
    )


def _short_yen(texts: Texts, amount: int) -> str:
    """An amount in the largest unit in which it is whole: Japanese counts ten thousands and hundred millions."""
    for key, unit in (("fees.yen_oku", 100_000_000), ("fees.yen_man", 10_000)):
        if texts.language == "ja" and amount >= unit and amount % unit == 0:
            return texts(key, count=group_digits(amount // unit))
    return texts("fees.yen_one", amount=group_digits(amount))


def rounding_text(texts: Texts, rounding: str, round_to_yen: int) -> str:
    """How fees are rounded, in a few words."""
    return texts("fees.rounding", unit=group_digits(round_to_yen), way=texts.choice("rounding", rounding))


def tariff_text(texts: Texts, table: TariffTable, version: int) -> str:
    """Which tariff: its name, its number, and from when on."""
    return texts("fees.tariff_value", name=table.name, version=version, day=day_text(texts, table.valid_from))


def computation_text(texts: Texts, basis: FeeBasis) -> str:
    """The computation in one line."""
    return texts(
        "fees.computation_value",
        amount=plain_yen(texts, basis.amount_yen),
        percent=percent_text(basis.rate_per_100000),
        computed=plain_yen(texts, basis.computed_yen),
        rounding=rounding_text(texts, basis.rounding, basis.round_to_yen),
    )


def advance_section(texts: Texts, requests: tuple[AdvanceRequest, ...]) -> Section:
    """The requests for the advance that were handed in, the last one first."""
    rows = [(texts("fees.advance_request"), _request(texts, each)) for each in reversed(requests)]
    return Section(texts("heading.advance"), rows)


def _fee(texts: Texts, contract: Contract) -> Section:
    receipt, balance = contract.receipt_sent, contract.balance_yen
    sent = (day_text(texts, receipt.day), receipt.officer, receipt.note) if receipt is not None else ()
    rows = [
        (texts("label.fee"), labelled(texts, yen_text(texts, contract.fee_yen), label_of(contract))),
        (texts("fees.fee_note"), contract.fee_note),
        (texts("label.balance"), yen_text(texts, max(0, balance))),
        (texts("fees.credit"), yen_text(texts, -balance) if balance < 0 else ""),
        (texts("label.pay_by"), day_text(texts, contract.fee_due_date or contract.pay_by)),
        (texts("label.monthly_payer"), texts("value.yes") if contract.monthly_payer else ""),
        (texts("fees.receipt"), "  ".join(part for part in sent if part)),
    ]
    return Section(texts("heading.fee"), rows)


def _basis(texts: Texts, basis: FeeBasis | None) -> Section:
    if basis is None:
        return Section("", [])
    table = TariffTable(basis.tariff_name, basis.valid_from, basis.rounding, basis.round_to_yen, ())
    rate = texts("fees.rate_value", percent=percent_text(basis.rate_per_100000), rate=basis.rate_per_100000)
    rows = [
        (texts("fees.tariff"), labelled(texts, tariff_text(texts, table, basis.tariff_version), basis.label)),
        (texts("fees.band"), band_text(texts, basis.over_yen, basis.up_to_yen)),
        (texts("fees.rate"), rate),
        (texts("fees.computation"), computation_text(texts, basis)),
        (texts("fees.minimum"), plain_yen(texts, basis.minimum_fee_yen) if basis.minimum_fee_yen else ""),
        (texts("fees.by_tariff"), labelled(texts, yen_text(texts, basis.fee_yen), basis.label)),
    ]
    return Section(texts("heading.fee_basis"), rows)


def _ledger(texts: Texts, ledger: tuple[FeeEntry, ...]) -> Section:
    rows, balance = [], 0
    for entry in ledger:
        balance += _SIGNS.get(entry.kind, 0) * entry.amount_yen
        parts = (
            day_text(texts, entry.day),
            yen_text(texts, entry.amount_yen),
            texts("fees.balance_after", amount=plain_yen(texts, balance)),
            entry.note,
            texts("fees.label", label=entry.label) if entry.label else "",
        )
        rows.append((texts.choice("ledger", entry.kind), "  ".join(part for part in parts if part)))
    return Section(texts("heading.ledger"), rows)


def _request(texts: Texts, request: AdvanceRequest) -> str:
    parts = [day_text(texts, request.day), yen_text(texts, request.amount_yen), request.note]
    if request.withdraw_time is not None:
        parts.append(texts("fees.advance_withdrawn", reason=request.withdrawal))
    elif request.expected_payment_date is not None:
        parts.append(texts("fees.advance_expected", day=day_text(texts, request.expected_payment_date)))
    return "  ".join(part for part in parts if part)
