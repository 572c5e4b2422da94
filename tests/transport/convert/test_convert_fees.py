"""Tariffs, months and requests for the advance on the wire: every field is filled, and what was set comes back."""

from dataclasses import replace
from datetime import date

import pytest

from tashika.v1 import contract_service_pb2 as contracts
from tashika_server.application.fees import Share, StatementView
from tashika_server.application.ports import FeeStanding, ListKind
from tashika_server.application.tariffs import PayerView
from tashika_server.domain.advance import AdvanceTerms
from tashika_server.domain.fee_records import FeeRounding
from tashika_server.domain.model import BankAccount, Product
from tashika_server.domain.monthly import Balance, MonthlyPayer, StatementEntry, make_statement
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.domain.tariff import Tariff, TariffBand, TariffTable, TariffVersion
from tashika_server.transport.convert.fees import (
    advance_request_to_proto,
    advance_terms_to_proto,
    basis_to_proto,
    payer_to_proto,
    shares_to_proto,
    statement_view_to_proto,
    table_from_proto,
    table_to_proto,
    tariff_to_proto,
)
from tashika_server.transport.convert.lists import contracts_query
from tests.transport.convert.samples import APPLICATION, BASIS, CONTRACT, DAY, NOW, WITHDRAWN, an_id
from tests.transport.convert.test_convert_completeness import ORGANIZATION, empty_fields

TABLE = TariffTable(
    *("見本料率表", DAY, FeeRounding.HALF_UP, 100),
    (
        TariffBand(Product.PREPAYMENT, 0, 300, 3_000, 10_000_000),
        TariffBand(Product.PREPAYMENT, 10_000_000, 250),
        TariffBand(Product.PERFORMANCE, 0, 400, 1, 2),
    ),
    fictional=True,
)
TARIFF = Tariff(an_id("org"), (TariffVersion(1, TABLE, NOW, an_id("usr")),), 3)


def test_a_tariff_says_which_version_counts_today() -> None:
    message = tariff_to_proto(TARIFF, today=DAY)
    # The first band has no lower end, the second no upper one and no smallest fee.
    last = message.versions[0].table.bands.pop(1)
    first = message.versions[0].table.bands.pop(0)
    message.versions[0].table.bands[0].over_yen = 1
    assert empty_fields(message) == []
    assert (empty_fields(first), empty_fields(last)) == (["over_yen"], ["up_to_yen", "minimum_fee_yen"])
    assert (message.current_version, message.versions[0].label) == (1, "架空の料率")
    later = tariff_to_proto(TARIFF, today=date(2026, 3, 31))
    assert not later.HasField("current_version")


def test_a_table_comes_back_as_it_was_sent() -> None:
    assert table_from_proto(table_to_proto(TABLE)) == TABLE
    real = replace(TABLE, fictional=False)
    assert table_from_proto(table_to_proto(real)) == real


def test_a_table_without_its_choices_is_read_as_one_that_lacks_them() -> None:
    message = table_to_proto(TABLE)
    message.rounding, message.bands[0].product = 0, 0  # type: ignore[assignment]
    read = table_from_proto(message)
    assert (read.rounding, read.bands[0].product) == (None, None)


def test_every_field_of_fees_is_filled() -> None:
    basis = basis_to_proto(BASIS)
    assert basis is not None
    assert empty_fields(basis) == []
    assert empty_fields(advance_request_to_proto(WITHDRAWN)) == []
    payer = MonthlyPayer(an_id("org"), an_id("org"), DAY, note="取決め", revision=1)
    assert empty_fields(payer_to_proto(PayerView(payer, ORGANIZATION))) == []
    assert empty_fields(shares_to_proto((Share(CONTRACT, 1),))) == []


def test_every_field_of_a_month_is_filled() -> None:
    entry = StatementEntry(CONTRACT.contract_id, CONTRACT.number, "道路改良工事", CONTRACT.ledger[0])
    made = make_statement(
        *(an_id("org"), an_id("org"), 2026, 4),
        opening=Balance(1),
        entries=(entry,),
        agreement=None,
        signs={"CHARGE": 1},
        now=NOW,
    )
    message = statement_view_to_proto(StatementView(made, ORGANIZATION, ORGANIZATION))
    assert empty_fields(message) == ["received_yen"]
    assert (message.charged_yen, message.closing_yen, message.label) == (12_345, 12_346, "架空の料率")


def test_what_a_request_for_the_advance_holds_says_when_it_is_paid() -> None:
    said = AdvanceTerms(
        terms=APPLICATION,
        amount_yen=1,
        account=BankAccount("みずべ銀行", "柏支店", "普通", "1234567", "㈱髙﨑建設"),
        contract_date=DAY,
        addressee="柏市長",
        orderer="柏市",
        section="道路整備課",
        electronic=True,
        pay_within_days=14,
        other_documents=("工程表",),
    )
    message = advance_terms_to_proto(said, today=DAY)
    assert empty_fields(message) == []
    paid = message.expected_payment_date
    assert (paid.year, paid.month, paid.day) == (2026, 4, 15)
    silent = advance_terms_to_proto(replace(said, pay_within_days=None), today=DAY)
    assert not silent.HasField("pay_within_days") and not silent.HasField("expected_payment_date")


# --- Lists of fees -----------------------------------------------------------------------------------------------


def asked(standing: str, **changes: object) -> contracts.ListContractsRequest:
    chosen = {"fee_standing": f"FEE_STANDING_{standing}"} | dict(changes.pop("filter", {}))  # type: ignore[call-overload]
    return contracts.ListContractsRequest(filter=chosen, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("standing", list(FeeStanding))
def test_a_list_of_fees_has_its_own_order(standing: FeeStanding) -> None:
    query = contracts_query(asked(standing.value, filter={"due_within_days": 7, "search": "柏"}))
    assert (query.kind, query.equals) == (ListKind.FEES, {"fee_standing": standing.value})
    assert query.sort == ("balance_yen" if standing is FeeStanding.CREDIT else "fee_due")
    assert (query.due_within_days, query.search) == (7, "柏")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sort": "CONTRACT_SORT_NUMBER"}, "sort"),
        ({"filter": {"state": "CONTRACT_STATE_IN_FORCE"}}, "filter.state"),
        ({"filter": {"contract_number": "01260000000017"}}, "filter.contract_number"),
        ({"from_end": True, "from_value": "2026-04-01"}, "from_value"),
    ],
)
def test_what_does_not_go_with_a_list_of_fees_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        contracts_query(asked("OVERDUE", **changes))
    (violation,) = refused.value.violations
    assert (violation.reason, violation.field) == (Reason.FIELD_NOT_ALLOWED, field)


def test_a_list_of_fees_starts_at_a_day_and_one_of_credits_at_an_amount() -> None:
    assert contracts_query(asked("OVERDUE", from_value="2026-04-01")).from_value == "2026-04-01"
    assert contracts_query(asked("CREDIT", from_value="-500")).from_value == "-500"
    with pytest.raises(RefusedError) as refused:
        contracts_query(asked("OVERDUE", from_value="soon"))
    assert refused.value.reason is Reason.FIELD_FORMAT
