"""Tariffs, fees by the month and requests for the advance by the port, on both registers."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import Stage
from tests.e2e.client.test_client_refusals import reasons

pytestmark = pytest.mark.asyncio(loop_scope="module")

FICTIONAL = "架空の料率"
BANDS = (
    records.TariffBand("PERFORMANCE", 0, 10_000_000, 600, 3_000),
    records.TariffBand("PERFORMANCE", 10_000_000, None, 400),
    records.TariffBand("PREPAYMENT", 0, None, 301),
)


def table(stage: Stage, days: int = 0, **changes: object) -> records.TariffTable:
    """A fictional tariff that is valid from a day on."""
    made = records.TariffTable(
        "見本料率表", stage.today + timedelta(days=days), "DOWN", 10, BANDS, fictional=True
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def tariff(stage: Stage) -> records.Tariff:
    """The tariff of the guarantor, set by whichever test comes first."""
    approver = await stage.as_("approver")
    present = await approver.get_tariff()
    if present.current is None:
        present = await approver.set_tariff(table(stage), request_id=new_request_id(), etag=present.etag)
    return present


async def accepted(stage: Stage, product: str = "PERFORMANCE", **changes: object) -> records.Contract:
    """A contract that waits for the fee that the tariff gives."""
    await tariff(stage)
    desk = await stage.as_("underwriter")
    contract = await stage.submitted(product, **changes)
    basis = await desk.quote_fee(contract.contract_id)
    assert basis is not None
    contract = await desk.accept_contract(contract, basis.fee_yen, request_id=new_request_id())
    if contract.state == "PENDING_APPROVAL":
        approver = await stage.as_("approver")
        contract = await approver.approve_contract(contract, request_id=new_request_id())
    return contract


async def paid(
    stage: Stage, product: str = "PERFORMANCE", over_yen: int = 0, **changes: object
) -> records.Contract:
    """A contract whose fee came in, with something on top."""
    contract = await accepted(stage, product, **changes)
    desk = await stage.as_("underwriter")
    return await desk.record_fee(
        contract, "PAYMENT", contract.balance_yen + over_yen, stage.today, request_id=new_request_id()
    )


async def advance(stage: Stage, **changes: object) -> records.Contract:
    """A prepayment guarantee in force."""
    desk = await stage.as_("underwriter")
    contract = await paid(stage, "PREPAYMENT", 0, **changes)
    return (await desk.issue_certificate(contract, request_id=new_request_id())).contract


async def reason(call: Awaitable[object]) -> str:
    with pytest.raises(RefusedByServer) as raised:
        await call
    return raised.value.reason


async def test_a_tariff_proposes_fees_from_its_day_on_and_says_that_it_is_fictional(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    found = await tariff(stage)
    assert found.current is not None
    assert (found.current.version, found.current.label, found.current.table) == (1, FICTIONAL, table(stage))
    assert (await desk.get_tariff()).versions == found.versions
    contract = await stage.submitted()
    basis = await desk.quote_fee(contract.contract_id)
    assert basis is not None
    # 5,500,000 yen at 600 in 100,000.
    assert (basis.computed_yen, basis.fee_yen, basis.rate_per_100000) == (33_000, 33_000, 600)
    assert (basis.over_yen, basis.up_to_yen, basis.label) == (0, 10_000_000, FICTIONAL)
    low = await desk.quote_fee(contract.contract_id, 123_456)
    assert low is not None
    assert (low.computed_yen, low.minimum_fee_yen, low.fee_yen) == (740, 3_000, 3_000)
    high = await desk.quote_fee(contract.contract_id, 10_000_001)
    assert high is not None
    assert (high.computed_yen, high.over_yen, high.up_to_yen) == (40_000, 10_000_000, None)


async def test_where_no_tariff_was_set_none_proposes_a_fee(stage: Stage) -> None:
    other = await stage.as_("other_underwriter")
    found = await other.get_tariff()
    assert (found.versions, found.current) == ((), None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ("FIELD_REQUIRED", "table.name")),
        ({"bands": ()}, ("FIELD_REQUIRED", "table.bands")),
        ({"round_to_yen": 5}, ("CHOICE_UNKNOWN", "table.round_to_yen")),
        (
            {"bands": (BANDS[0], replace(BANDS[1], over_yen=9_999_999))},
            ("TARIFF_BANDS_OVERLAP", "table.bands[1].over_yen"),
        ),
        (
            {"bands": (BANDS[0], replace(BANDS[1], over_yen=10_000_001))},
            ("TARIFF_BANDS_GAP", "table.bands[1].over_yen"),
        ),
        ({"bands": (BANDS[0],)}, ("TARIFF_BANDS_GAP", "table.bands[0].up_to_yen")),
        ({"bands": (BANDS[1],)}, ("TARIFF_BANDS_GAP", "table.bands[0].over_yen")),
    ],
)
async def test_a_tariff_that_is_not_whole_is_refused(
    stage: Stage, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    approver = await stage.as_("approver")
    call = approver.set_tariff(table(stage, 1, **changes), request_id=new_request_id())
    assert expected in await reasons(call)


async def test_a_tariff_changes_neither_the_past_nor_what_comes_after_it(stage: Stage) -> None:
    approver = await stage.as_("approver")
    present = await tariff(stage)
    today = approver.set_tariff(table(stage), request_id=new_request_id())
    assert await reasons(today) == {("TARIFF_RETROACTIVE", "table.valid_from")}
    later = await approver.set_tariff(table(stage, 200, name="改定"), request_id=new_request_id())
    assert (len(later.versions), later.current_version) == (len(present.versions) + 1, 1)
    sooner = approver.set_tariff(table(stage, 199), request_id=new_request_id())
    assert await reasons(sooner) == {("TARIFF_NOT_IN_ORDER", "table.valid_from")}
    stale = approver.set_tariff(table(stage, 300), request_id=new_request_id(), etag=present.etag)
    assert await reason(stale) == "ETAG_MISMATCH"
    denied = (await stage.as_("underwriter")).set_tariff(table(stage, 300), request_id=new_request_id())
    assert await reason(denied) == "PERMISSION_DENIED"


async def test_another_fee_than_the_tariffs_has_its_reason(stage: Stage) -> None:
    await tariff(stage)
    desk = await stage.as_("underwriter")
    contract = await stage.submitted()
    call = desk.accept_contract(contract, 30_000, request_id=new_request_id())
    assert await reasons(call) == {("FEE_DIFFERS_FROM_TARIFF", "fee_note")}
    done = await desk.accept_contract(
        contract, 30_000, request_id=new_request_id(), fee_note="継続契約のため減額"
    )
    assert done.fee_basis is not None
    assert (done.fee_yen, done.fee_basis.fee_yen) == (30_000, 33_000)
    assert (done.fee_note, done.fee_basis.label) == ("継続契約のため減額", FICTIONAL)
    assert [entry.label for entry in done.ledger] == [FICTIONAL]


async def test_fees_are_listed_by_how_they_stand(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    contract = await accepted(stage)
    assert contract.pay_by is not None

    async def shown(standing: str, days: int = 0) -> dict[str, records.ContractRow]:
        wanted = records.ContractFilter(
            sort="",
            fee_standing=standing,
            due_within_days=days,
            search=contract.contract_number,
        )
        page = await desk.list_contracts(wanted, records.PageRequest())
        return {row.contract_id: row for row in page.items}

    row = (await shown("OWED"))[contract.contract_id]
    assert (row.balance_yen, row.fee_due_date, row.fee_label) == (33_000, contract.pay_by, FICTIONAL)
    assert contract.contract_id in await shown("DUE_SOON", 14)
    assert await shown("DUE_SOON", 13) == await shown("OVERDUE") == await shown("CREDIT") == {}
    contract = await desk.record_fee(contract, "PAYMENT", 33_330, stage.today, request_id=new_request_id())
    assert (contract.balance_yen, contract.fee_due_date) == (-330, None)
    assert await shown("OWED") == {}
    assert (await shown("CREDIT"))[contract.contract_id].balance_yen == -330
    sorted_too = records.ContractFilter(fee_standing="OWED")
    assert await reasons(desk.list_contracts(sorted_too, records.PageRequest())) == {
        ("FIELD_NOT_ALLOWED", "sort")
    }


async def test_what_was_paid_too_much_is_kept_and_can_be_given_back(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    contract = await paid(stage, over_yen=440)
    assert contract.balance_yen == -440
    too_much = desk.record_fee(contract, "REFUND", 441, stage.today, request_id=new_request_id())
    assert await reasons(too_much) == {("AMOUNT_TOO_LARGE", "amount_yen")}
    contract = await desk.record_fee(contract, "REFUND", 440, stage.today, request_id=new_request_id())
    assert (contract.balance_yen, contract.fee_due_date) == (0, None)


async def test_the_receipt_is_sent_once_and_for_money_that_came(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    unpaid = await accepted(stage)
    early = desk.record_receipt_sent(unpaid, stage.today, "中村 一郎", request_id=new_request_id())
    assert await reason(early) == "RECEIPT_WITHOUT_PAYMENT"
    contract = await paid(stage)
    for day, expected in ((1, "DATE_IN_FUTURE"), (-1, "DATE_OUT_OF_RANGE")):
        call = desk.record_receipt_sent(
            contract, stage.today + timedelta(days=day), "中村 一郎", request_id=new_request_id()
        )
        assert await reasons(call) == {(expected, "day")}
    nobody = desk.record_receipt_sent(contract, stage.today, "", request_id=new_request_id())
    assert {field for _, field in await reasons(nobody)} == {"officer"}
    sent = await desk.record_receipt_sent(
        contract, stage.today, "中村 一郎", request_id=new_request_id(), note="簡易書留"
    )
    assert sent.receipt_sent is not None
    receipt = sent.receipt_sent
    assert (receipt.day, receipt.officer, receipt.note) == (stage.today, "中村 一郎", "簡易書留")
    again = desk.record_receipt_sent(sent, stage.today, "中村 一郎", request_id=new_request_id())
    assert await reason(again) == "RECEIPT_ALREADY_SENT"


async def test_a_fee_sheet_is_there_for_both_sides_once_the_fee_is_told(stage: Stage) -> None:
    desk, contractor = await stage.as_("underwriter"), await stage.as_("contractor")
    contract = await stage.submitted()
    assert await reason(contractor.download_fee_sheet(contract.contract_id)) == "FEE_NOT_TOLD"
    contract = await accepted(stage)
    for person in (desk, contractor):
        file = await person.download_fee_sheet(contract.contract_id)
        assert file.content.startswith(b"%PDF-")
        assert (file.name, file.media_type) == (
            f"{contract.contract_number}-fee-sheet.pdf",
            "application/pdf",
        )
    stranger = await stage.as_("other_contractor")
    assert await reason(stranger.download_fee_sheet(contract.contract_id)) == "NOT_FOUND"


async def test_who_pays_by_the_month_gets_one_statement_and_pays_one_sum(stage: Stage) -> None:
    """Plays all of it in its order: the agreement, two fees, the statement, the payment."""
    desk, approver = await stage.as_("underwriter"), await stage.as_("approver")
    contractor = await stage.as_("contractor")
    year, month = stage.today.year, stage.today.month
    company = (await accepted(stage)).organization_id
    none = contractor.get_fee_statement(stage.guarantor_id, year, month)
    assert await reasons(none) == {("NOT_MONTHLY_PAYER", "organization_id")}
    agreed = await approver.set_monthly_payer(
        company, active=True, due_day=20, request_id=new_request_id(), note="覚書あり"
    )
    assert (agreed.organization_id, agreed.active, agreed.due_day) == (company, True, 20)
    assert (await desk.list_monthly_payers(records.PageRequest())).items == (agreed,)
    before = await desk.get_fee_statement(company, year, month)
    contract = await accepted(stage)
    assert (contract.monthly_payer, contract.pay_by) == (True, None)
    assert contract.fee_due_date == before.due_date
    assert contract.fee_due_date is not None
    assert contract.fee_due_date.day == 20
    after = await contractor.get_fee_statement(stage.guarantor_id, year, month)
    assert (after.organization_name, after.guarantor_name) == ("㈱髙﨑建設", "東陽建設業保証株式会社")
    assert (after.opening_yen, after.closing_yen) == (0, before.closing_yen + 33_000)
    assert (after.charged_yen, after.as_of, after.label) == (
        before.charged_yen + 33_000,
        stage.today,
        FICTIONAL,
    )
    assert after.entries[-1].contract_number == contract.contract_number
    assert (after.entries[-1].entry.kind, after.entries[-1].entry.amount_yen) == ("CHARGE", 33_000)
    for person, other in ((desk, company), (contractor, stage.guarantor_id)):
        file = await person.download_fee_statement(other, year, month)
        assert (file.name, file.content[:5]) == (f"fee-statement-{year:04d}-{month:02d}.pdf", b"%PDF-")
    far = contractor.get_fee_statement(stage.guarantor_id, year + 1, month)
    assert await reasons(far) == {("DATE_IN_FUTURE", "month")}
    await _pay_in_one_sum(stage, company)


async def _pay_in_one_sum(stage: Stage, company: str) -> None:
    desk = await stage.as_("underwriter")
    wanted = records.ContractFilter(sort="", fee_standing="OWED")
    owed = (await desk.list_contracts(wanted, records.PageRequest(200))).items
    total = sum(row.balance_yen for row in owed)
    too_much = desk.record_monthly_payment(company, total + 1, stage.today, request_id=new_request_id())
    assert await reasons(too_much) == {("AMOUNT_TOO_LARGE", "amount_yen")}
    first, second = owed[0].balance_yen, 1_000
    shares = await desk.record_monthly_payment(
        company, first + second, stage.today, request_id=new_request_id(), note="一括振込"
    )
    assert [(share.contract_id, share.amount_yen) for share in shares] == [
        (owed[0].contract_id, first),
        (owed[1].contract_id, second),
    ]
    settled = await desk.get_contract(owed[0].contract_id)
    assert (settled.balance_yen, settled.ledger[-1].note) == (0, "一括振込")
    left = await desk.get_contract(owed[1].contract_id)
    assert left.balance_yen == owed[1].balance_yen - second


async def test_an_advance_is_asked_for_once_until_that_is_withdrawn(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    contract = await advance(stage)
    terms = await contractor.get_advance_terms(contract.contract_id)
    assert (terms.addressee, terms.amount_yen) == ("柏市長", 22_000_000)
    assert (terms.contract_date, terms.electronic) == (stage.today, True)
    assert terms.account == contract.application.depositary
    file = await contractor.download_advance_request(contract.contract_id)
    assert file.content.startswith(b"%PDF-")
    assert file.name == f"{contract.contract_number}-advance-request.pdf"
    copy = contractor.download_advance_request(contract.contract_id, copy=True)
    assert await reason(copy) == "ADVANCE_NOT_REQUESTED"
    early = contractor.record_advance_request(
        contract, stage.today - timedelta(days=1), request_id=new_request_id()
    )
    assert await reasons(early) == {("DATE_OUT_OF_RANGE", "day")}
    asked = await contractor.record_advance_request(
        contract, stage.today, request_id=new_request_id(), note="窓口に提出"
    )
    [request] = asked.advance_requests
    assert (request.day, request.amount_yen, request.note) == (stage.today, 22_000_000, "窓口に提出")
    row = await contractor.find_contract(contract.contract_number)
    assert row is not None
    assert row.advance_request_date == stage.today
    again = contractor.record_advance_request(asked, stage.today, request_id=new_request_id())
    assert await reason(again) == "ADVANCE_ALREADY_REQUESTED"
    new = contractor.download_advance_request(contract.contract_id)
    assert await reason(new) == "ADVANCE_ALREADY_REQUESTED"
    copied = await contractor.download_advance_request(contract.contract_id, copy=True)
    assert copied.name == f"{contract.contract_number}-advance-request-copy.pdf"
    await _withdraw_and_ask_anew(stage, asked)


async def _withdraw_and_ask_anew(stage: Stage, asked: records.Contract) -> None:
    contractor = await stage.as_("contractor")
    silent = contractor.withdraw_advance_request(asked, "", request_id=new_request_id())
    assert {field for _, field in await reasons(silent)} == {"withdrawal"}
    free = await contractor.withdraw_advance_request(asked, "押印漏れで返却", request_id=new_request_id())
    assert free.advance_requests[0].withdrawal == "押印漏れで返却"
    assert free.advance_requests[0].withdraw_time is not None
    nothing = contractor.withdraw_advance_request(free, "もう一度", request_id=new_request_id())
    assert await reason(nothing) == "ADVANCE_NOT_REQUESTED"
    renewed = await contractor.record_advance_request(free, stage.today, request_id=new_request_id())
    assert len(renewed.advance_requests) == 2


async def test_no_advance_is_asked_for_under_anything_else(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    performance = await accepted(stage)
    call = contractor.get_advance_terms(performance.contract_id)
    assert await reason(call) == "ADVANCE_NOT_FOR_PRODUCT"
    waiting = await accepted(stage, "PREPAYMENT")
    assert await reason(contractor.get_advance_terms(waiting.contract_id)) == "WRONG_STATE"


async def test_a_request_says_when_the_works_contract_was_signed(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    contract = await advance(stage, works_contract_date=None, works_initial_contract_date=None)
    assert (await contractor.get_advance_terms(contract.contract_id)).contract_date is None
    call = contractor.download_advance_request(contract.contract_id)
    assert await reasons(call) == {("FIELD_REQUIRED", "contract_date")}
    file = await contractor.download_advance_request(contract.contract_id, stage.today)
    assert file.content.startswith(b"%PDF-")
    asked = await contractor.record_advance_request(
        contract, stage.today, request_id=new_request_id(), contract_date=stage.today
    )
    assert asked.advance_requests[0].contract_date == stage.today
