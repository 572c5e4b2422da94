"""What a contract keeps of its fee: the basis, when it is due, the receipt; and months of those who pay monthly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tashika_server.domain import lifecycle
from tashika_server.domain.fee_records import FeeBasis, FeeRounding, ReceiptSent
from tashika_server.domain.ledger import SIGNS, balance_yen, fee_due, received_yen
from tashika_server.domain.model import (
    Contract,
    FeeEntry,
    FeeEntryKind,
    Organization,
    OrganizationKind,
    Remark,
)
from tashika_server.domain.monthly import (
    Balance,
    MonthlyPayer,
    StatementEntry,
    check_month,
    due_after,
    make_statement,
    month_bounds,
    payer_id,
    pays_monthly,
)
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.domain.receipts import record_receipt
from tests.unit.domain.making import NOW, TODAY, accepted, in_force, paid, payment, reasons, submitted

BASIS = FeeBasis(
    1, "見本料率表", TODAY, True, 40_000_000, 0, 250, 100_000, 3_000, 100_000, FeeRounding.DOWN, 1
)
DUE = date(2026, 6, 30)
RECEIPT = ReceiptSent(TODAY, "中村 一郎", NOW, "usr_2")


def test_the_basis_of_a_fee_is_kept_with_the_acceptance() -> None:
    contract = accepted(fee_basis=BASIS)
    assert (contract.fee_basis, contract.fee_note) == (BASIS, "")


def test_another_fee_than_the_tariffs_needs_its_reason_in_words() -> None:
    for note in ("", "  "):
        with pytest.raises(RefusedError) as refused:
            accepted(fee_yen=90_000, fee_basis=BASIS, fee_note=note)
        assert (Reason.FEE_DIFFERS_FROM_TARIFF, "fee_note") in reasons(refused.value.violations)
    contract = accepted(fee_yen=90_000, fee_basis=BASIS, fee_note="継続割引")
    assert (contract.fee_yen, contract.fee_note) == (90_000, "継続割引")
    assert accepted(fee_yen=90_000).fee_basis is None


def test_an_acceptance_that_is_undone_takes_the_basis_with_it() -> None:
    contract = accepted(fee_basis=BASIS, fee_note="確認済み", monthly_payer=True, monthly_due=DUE)
    back = lifecycle.report_error(
        contract, (Remark("", "違います。"),), entry_id="fee_2", user_id="usr_1", now=NOW
    )
    assert (back.fee_basis, back.fee_note, back.monthly_due) == (None, "", None)


def test_a_fee_is_due_while_it_is_owed() -> None:
    assert fee_due(submitted()) is None
    assert fee_due(accepted(approval_required=True)) is None
    assert fee_due(accepted()) == TODAY + timedelta(days=14)
    assert fee_due(paid()) is None
    over = lifecycle.record_fee(accepted(), payment(150_000), now=NOW)
    assert (balance_yen(over.ledger), fee_due(over)) == (-50_000, None)


def test_a_monthly_payers_fee_is_due_on_the_agreed_day_also_after_the_issue() -> None:
    for contract in (accepted(monthly_payer=True, monthly_due=DUE),):
        assert (contract.pay_by, fee_due(contract), fee_due(in_force(contract))) == (None, DUE, DUE)
    older = accepted(monthly_payer=True)
    assert fee_due(older) == DUE


def test_a_fee_that_lapsed_was_due_on_its_day() -> None:
    later = NOW + timedelta(days=15)
    contract = lifecycle.lapse(accepted(), TODAY + timedelta(days=15), later)
    assert (balance_yen(contract.ledger), fee_due(contract)) == (0, TODAY + timedelta(days=14))


@pytest.mark.parametrize(
    ("day", "due_day", "due"),
    [
        (date(2026, 5, 1), 31, date(2026, 6, 30)),
        (date(2026, 5, 31), 31, date(2026, 6, 30)),
        (date(2026, 12, 31), 31, date(2027, 1, 31)),
        (date(2027, 1, 31), 31, date(2027, 2, 28)),
        (date(2028, 1, 31), 30, date(2028, 2, 29)),
        (date(2026, 5, 11), 10, date(2026, 6, 10)),
    ],
)
def test_a_months_fees_are_due_in_the_next_month(day: date, due_day: int, due: date) -> None:
    assert due_after(day, due_day) == due


def test_an_agreement_of_the_two_goes_before_what_the_contractor_does_with_all() -> None:
    company = Organization("org_c", OrganizationKind.CONTRACTOR, "㈱髙﨑建設")
    with_all = replace(company, monthly_payer=True)
    agreed = MonthlyPayer("org_g", "org_c", TODAY)
    assert [pays_monthly(each, None) for each in (company, with_all)] == [False, True]
    assert [pays_monthly(each, agreed) for each in (company, with_all)] == [True, True]
    assert [pays_monthly(each, replace(agreed, active=False)) for each in (company, with_all)] == [
        False,
        False,
    ]
    assert payer_id("org_g", "org_c") == "org_g/org_c"


# --- The receipt -------------------------------------------------------------------------------------------------


def test_that_the_receipt_was_sent_is_recorded_once() -> None:
    contract = record_receipt(paid(), RECEIPT, now=NOW)
    assert contract.receipt == RECEIPT
    with pytest.raises(RefusedError) as refused:
        record_receipt(contract, RECEIPT, now=NOW)
    (violation,) = refused.value.violations
    assert (violation.reason, violation.params) == (Reason.RECEIPT_ALREADY_SENT, {"sent_on": "2026-05-11"})


def test_a_receipt_is_for_money_that_came() -> None:
    over = lifecycle.record_fee(accepted(), payment(150_000), now=NOW)
    back = lifecycle.record_fee(over, payment(50_000, FeeEntryKind.REFUND), now=NOW)
    assert received_yen(back.ledger) == 100_000
    assert record_receipt(back, RECEIPT, now=NOW).receipt == RECEIPT
    withdrawn = lifecycle.withdraw(paid(), entry_id="fee_2", user_id="usr_1", now=NOW)
    nothing = lifecycle.record_fee(withdrawn, payment(kind=FeeEntryKind.REFUND), now=NOW)
    for contract in (accepted(), nothing):
        with pytest.raises(RefusedError) as refused:
            record_receipt(contract, RECEIPT, now=NOW)
        assert refused.value.reason is Reason.RECEIPT_WITHOUT_PAYMENT


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"day": TODAY + timedelta(days=1)}, Reason.DATE_IN_FUTURE, "day"),
        ({"day": TODAY - timedelta(days=1)}, Reason.DATE_OUT_OF_RANGE, "day"),
        ({"officer": ""}, Reason.FIELD_REQUIRED, "officer"),
        ({"officer": "あ" * 101}, Reason.FIELD_TOO_LONG, "officer"),
        ({"note": "あ" * 2_001}, Reason.FIELD_TOO_LONG, "note"),
    ],
)
def test_faulty_records_of_a_receipt(changes: dict[str, object], reason: Reason, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        record_receipt(paid(), replace(RECEIPT, **changes), now=NOW)  # type: ignore[arg-type]
    assert reasons(refused.value.violations) == {(reason, field)}


# --- Months ------------------------------------------------------------------------------------------------------


def entry(number: int, kind: FeeEntryKind, amount_yen: int, time: datetime = NOW) -> StatementEntry:
    row = FeeEntry(f"fee_{number}", kind, amount_yen, TODAY, time, "usr_2")
    return StatementEntry("con_1", "01260000000017", "柏駅東口周辺道路改良工事", row)


def test_a_statement_goes_from_what_was_owed_to_what_is_owed() -> None:
    made = make_statement(
        "org_g",
        "org_c",
        2026,
        5,
        opening=Balance(5_000),
        entries=[
            entry(3, FeeEntryKind.PAYMENT, 5_000, NOW + timedelta(hours=2)),
            entry(1, FeeEntryKind.CHARGE, 100_000),
            entry(2, FeeEntryKind.REVERSAL, 100_000, NOW + timedelta(hours=1)),
            entry(4, FeeEntryKind.CHARGE, 7_000, NOW + timedelta(hours=3)),
        ],
        agreement=MonthlyPayer("org_g", "org_c", TODAY, due_day=20),
        signs={kind.value: sign for kind, sign in SIGNS.items()},
        now=datetime(2026, 6, 1, tzinfo=UTC),
    )
    assert [each.entry.entry_id for each in made.entries] == ["fee_1", "fee_2", "fee_3", "fee_4"]
    assert (made.opening_yen, made.closing_yen, made.due, made.as_of) == (
        5_000,
        7_000,
        date(2026, 6, 20),
        None,
    )
    assert (made.charged_yen, made.received_yen) == (7_000, 5_000)


def test_a_month_that_is_not_over_says_so() -> None:
    made = make_statement(
        "org_g", "org_c", 2026, 5, opening=Balance(), entries=(), agreement=None, signs={}, now=NOW
    )
    assert (made.as_of, made.due, made.label) == (TODAY, date(2026, 6, 30), "")


def test_a_statement_that_a_fictional_fee_is_in_says_so() -> None:
    real, fictional = entry(0, FeeEntryKind.CHARGE, 1), entry(1, FeeEntryKind.CHARGE, 1)
    fictional = replace(fictional, entry=replace(fictional.entry, fictional=True))

    def label(opening: Balance, *entries: StatementEntry) -> str:
        return make_statement(
            *("org_g", "org_c", 2026, 5),
            opening=opening,
            entries=entries,
            agreement=None,
            signs={"CHARGE": 1},
            now=NOW,
        ).label

    assert [label(Balance(), real), label(Balance(1, fictional=False))] == ["", ""]
    assert label(Balance(), real, fictional) == "架空の料率"
    assert label(Balance(1, fictional=True), real) == "架空の料率"


def test_whatever_is_booked_for_a_fictional_fee_says_so() -> None:
    contract = lifecycle.record_fee(accepted(fee_basis=BASIS), payment(150_000), now=NOW)
    back = lifecycle.report_error(
        contract, (Remark("", "違います。"),), entry_id="fee_2", user_id="usr_1", now=NOW
    )
    assert [each.label for each in back.ledger] == ["架空の料率"] * 3
    assert [each.label for each in paid().ledger] == ["", ""]


def test_a_month_begins_and_ends_at_midnight_in_japan() -> None:
    begin, end = month_bounds(2026, 12)
    assert begin.astimezone(UTC) == datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 12, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "month", "now", "reason"),
    [
        (2026, 6, NOW, Reason.DATE_IN_FUTURE),
        (2027, 1, NOW, Reason.DATE_IN_FUTURE),
        # In Japan it is May already.
        (2026, 5, datetime(2026, 4, 30, 14, 59, tzinfo=UTC), Reason.DATE_IN_FUTURE),
        (2026, 13, NOW, Reason.DATE_OUT_OF_RANGE),
        (2026, 0, NOW, Reason.DATE_OUT_OF_RANGE),
        (1900, 1, NOW, Reason.DATE_OUT_OF_RANGE),
    ],
)
def test_months_without_a_statement(year: int, month: int, now: datetime, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        check_month(year, month, now)
    assert [(each.reason, each.field) for each in refused.value.violations] == [(reason, "month")]
    check_month(2026, 5, datetime(2026, 4, 30, 15, tzinfo=UTC))


def test_contracts_that_were_never_accepted_have_no_fee() -> None:
    contract: Contract = submitted()
    assert (contract.fee_basis, contract.receipt, received_yen(contract.ledger)) == (None, None, 0)
