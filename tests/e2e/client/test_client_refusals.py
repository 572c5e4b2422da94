"""What a register refuses, by the port, on the real register and on the simulation: the same reasons and fields."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from tashika_formats.key import make_key
from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, SessionExpired
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import Stage, other_id, pdf

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def refusal(call: Awaitable[object]) -> RefusedByServer:
    """The refusal that a call must end with; people are told what is wrong, and what to do."""
    with pytest.raises(RefusedByServer) as raised:
        await call
    assert raised.value.sentence
    assert raised.value.next_steps
    return raised.value


async def reasons(call: Awaitable[object]) -> set[tuple[str, str]]:
    """Reason and field of every cause."""
    error = await refusal(call)
    return {(each.reason, each.field) for each in error.fields} or {(error.reason, "")}


async def test_nobody_without_a_session_is_let_in(stage: Stage) -> None:
    stranger = await stage.enter("")
    with pytest.raises(SessionExpired) as raised:
        await stranger.list_contracts(records.ContractFilter(), records.PageRequest())
    assert raised.value.reason == "UNAUTHENTICATED"
    assert (
        await refusal(stranger.create_session("contractor", "ちがう長いパスワード"))
    ).reason == "WRONG_CREDENTIALS"


async def test_a_session_that_is_over_keeps_nobody_from_signing_in(stage: Stage) -> None:
    somebody = await stage.enter("")
    somebody.use_token("tsk_over")
    assert (await somebody.server_info()).today is not None
    with pytest.raises(RefusedByServer) as caught:
        await somebody.create_session("contractor", "not the password")
    assert caught.value.reason == "WRONG_CREDENTIALS"


async def test_each_role_has_its_own_verbs(stage: Stage) -> None:
    contract = await stage.submitted()
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    denied = contractor.accept_contract(contract, 1, request_id=new_request_id())
    assert (await refusal(denied)).reason == "PERMISSION_DENIED"
    assert (await refusal(desk.get_key(contract.contract_id))).reason == "PERMISSION_DENIED"
    pending = await desk.accept_contract(await stage.submitted("PREPAYMENT"), 1, request_id=new_request_id())
    assert (
        await refusal(desk.approve_contract(pending, request_id=new_request_id()))
    ).reason == "PERMISSION_DENIED"


async def test_what_is_anothers_is_not_there(stage: Stage) -> None:
    contract, draft = await stage.submitted(), await stage.draft()
    unknown = other_id(contract.contract_id)
    for name in ("other_contractor", "other_underwriter"):
        stranger = await stage.as_(name)
        assert await reasons(stranger.get_contract(contract.contract_id)) == {("NOT_FOUND", "contract_id")}
        assert await stranger.find_contract(contract.contract_number) is None
    desk = await stage.as_("underwriter")
    assert await reasons(desk.get_contract(draft.contract_id)) == {("NOT_FOUND", "contract_id")}
    assert await reasons(desk.get_contract(unknown)) == {("NOT_FOUND", "contract_id")}


async def test_the_second_of_two_clients_learns_that_the_draft_was_changed(stage: Stage) -> None:
    first, second = await stage.as_("contractor"), await stage.as_("colleague")
    draft = await stage.draft()
    seen = await second.get_contract(draft.contract_id)
    await first.update_contract(
        draft, replace(draft.application, notice_mail="a@example.jp"), request_id=new_request_id()
    )
    late = second.update_contract(seen, seen.application, request_id=new_request_id())
    error = await refusal(late)
    assert (error.reason, error.code) == ("ETAG_MISMATCH", "ABORTED")
    unchecked = await second.update_contract(
        records.Ref(draft.contract_id), seen.application, request_id=new_request_id()
    )
    assert unchecked.application.notice_mail == "keiri@takasaki.example.jp"


async def test_a_verb_out_of_its_state_names_the_state(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    contract = await stage.submitted()
    again = await refusal(contractor.submit_contract(contract, request_id=new_request_id()))
    assert (again.reason, again.params["state"]) == ("WRONG_STATE", "SUBMITTED")
    early = await refusal(desk.issue_certificate(contract, request_id=new_request_id()))
    assert (early.reason, early.params["state"]) == ("WRONG_STATE", "SUBMITTED")
    gone = await refusal(contractor.delete_draft(contract, request_id=new_request_id()))
    assert gone.reason == "WRONG_STATE"


@pytest.mark.parametrize(
    ("product", "changes", "expected"),
    [
        ("PERFORMANCE", {"amount_yen": 5_499_999}, ("PERFORMANCE_BELOW_MINIMUM", "amount_yen")),
        ("PERFORMANCE", {"amount_yen": 55_000_001}, ("PERFORMANCE_ABOVE_PRICE", "amount_yen")),
        (
            "PERFORMANCE",
            {"amount_yen": 5_500_000, "works_low_bid": True},
            ("PERFORMANCE_BELOW_MINIMUM", "amount_yen"),
        ),
        (
            "PERFORMANCE",
            {"prepayment_planned": False},
            ("PERFORMANCE_WITHOUT_PREPAYMENT", "prepayment_planned"),
        ),
        ("PREPAYMENT", {"amount_yen": 22_000_001}, ("PREPAYMENT_ABOVE_MAXIMUM", "amount_yen")),
        ("PREPAYMENT", {"depositary": None}, ("FIELD_REQUIRED", "depositary.bank")),
        ("PREPAYMENT", {"works_kind": "SERVICES"}, ("PREPAYMENT_NOT_OFFERED", "works.kind")),
        ("PERFORMANCE", {"works_orderer_id": "paper-only"}, ("ELECTRONIC_NOT_ACCEPTED", "form")),
        ("PERFORMANCE", {"branch": "架空支店"}, ("CHOICE_UNKNOWN", "branch")),
        ("PERFORMANCE", {"branch": ""}, ("FIELD_REQUIRED", "branch")),
        ("PERFORMANCE", {"works_name": ""}, ("FIELD_REQUIRED", "works.name")),
        ("MIDTERM_PREPAYMENT", {}, ("PRODUCT_NOT_OFFERED", "product")),
    ],
)
async def test_what_speaks_against_an_application_is_quoted_and_refused(
    stage: Stage, product: str, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    contractor = await stage.as_("contractor")
    draft = await stage.draft(product, **changes)
    wanted = (expected[0], f"application.{expected[1]}")
    quote = await contractor.quote_contract(draft.application)
    assert wanted in {(each.reason, each.field) for each in quote.violations}
    assert wanted in await reasons(contractor.submit_contract(draft, request_id=new_request_id()))


async def test_a_guarantee_that_ends_before_the_works_is_too_short(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    draft = await stage.draft(period_end=stage.today + timedelta(days=119))
    found = await reasons(contractor.submit_contract(draft, request_id=new_request_id()))
    assert found == {("GUARANTEE_PERIOD_TOO_SHORT", "application.period_end")}


async def test_works_have_one_living_guarantee_of_a_product(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    first = await stage.submitted()
    second = await contractor.create_contract(first.application, request_id=new_request_id())
    error = await refusal(contractor.submit_contract(second, request_id=new_request_id()))
    assert (error.reason, error.params["contract_number"]) == ("GUARANTEE_EXISTS", first.contract_number)
    await contractor.withdraw_contract(first, request_id=new_request_id())
    assert (await contractor.submit_contract(second, request_id=new_request_id())).state == "SUBMITTED"


async def test_a_request_id_makes_a_change_once_and_belongs_to_one_request(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    application, intent = await stage.application(), new_request_id()
    first = await contractor.create_contract(application, request_id=intent)
    assert await contractor.create_contract(application, request_id=intent) == first
    other = contractor.create_contract(replace(application, notice_mail=""), request_id=intent)
    assert (await refusal(other)).reason == "REQUEST_ID_REUSED"


async def test_whoever_accepted_does_not_approve(stage: Stage) -> None:
    deputy = await stage.as_("deputy")
    pending = await deputy.accept_contract(
        await stage.submitted("PREPAYMENT"), 1_000, request_id=new_request_id()
    )
    assert pending.state == "PENDING_APPROVAL"
    assert (await refusal(deputy.approve_contract(pending, request_id=new_request_id()))).reason == (
        "APPROVAL_BY_SAME_PERSON"
    )


async def test_terms_may_not_make_another_guarantee(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    contract = await stage.submitted()
    terms = replace(contract.application, form="PAPER")
    call = desk.accept_contract(contract, 1_000, request_id=new_request_id(), terms=terms)
    assert await reasons(call) == {("TERMS_CHANGED_TOO_FAR", "terms.form")}
    low = replace(contract.application, amount_yen=1)
    call = desk.accept_contract(contract, 1_000, request_id=new_request_id(), terms=low)
    assert await reasons(call) == {("PERFORMANCE_BELOW_MINIMUM", "terms.amount_yen")}


async def test_money_is_booked_as_it_came_and_issue_waits_for_it(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    contract = await stage.accepted()
    unpaid = await refusal(desk.issue_certificate(contract, request_id=new_request_id()))
    assert (unpaid.reason, unpaid.params["balance_yen"]) == ("FEE_NOT_RECEIVED", "123400")
    tomorrow = stage.today + timedelta(days=1)
    early = desk.record_fee(contract, "PAYMENT", 1, tomorrow, request_id=new_request_id())
    assert await reasons(early) == {("DATE_IN_FUTURE", "day")}
    refund = desk.record_fee(contract, "REFUND", 1, stage.today, request_id=new_request_id())
    assert await reasons(refund) == {("AMOUNT_TOO_LARGE", "amount_yen")}


async def test_paper_and_electronic_never_mix(stage: Stage) -> None:
    contractor, desk = await stage.as_("contractor"), await stage.as_("underwriter")
    paper, electronic = await stage.paid(form="PAPER"), await stage.paid()
    mixed = await refusal(desk.issue_certificate(paper, request_id=new_request_id()))
    assert mixed.reason == "FORM_MIXED"
    other = desk.record_paper_issue(electronic, stage.today, "証第７号", request_id=new_request_id())
    assert (await refusal(other)).reason == "FORM_MIXED"
    await desk.record_paper_issue(paper, stage.today, "証第８号", request_id=new_request_id())
    assert (await refusal(contractor.get_key(paper.contract_id))).reason == "NO_KEY_FOR_PAPER"
    assert (await refusal(contractor.get_key(electronic.contract_id))).reason == "NOT_ISSUED"
    assert (await refusal(contractor.download_certificate(electronic.contract_id))).reason == "NOT_ISSUED"


async def test_a_return_says_what_is_wrong(stage: Stage) -> None:
    desk = await stage.as_("underwriter")
    contract = await stage.submitted()
    silent = desk.return_contract(contract, (), request_id=new_request_id())
    assert {field for _, field in await reasons(silent)} == {"remarks"}
    empty = desk.refuse_contract(contract, "", request_id=new_request_id())
    assert await reasons(empty) == {("FIELD_REQUIRED", "refusal")}


async def test_only_pdfs_are_attached(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    draft = await stage.draft()
    for content in (b"", b"MZ", pdf()[:-8], pdf().replace(b"xref\n0", b"fxer\n0")):
        call = contractor.attach_document(draft, content, name="a.pdf", request_id=new_request_id())
        assert (await refusal(call)).reason == "ATTACHMENT_NOT_PDF"
    large = contractor.attach_document(
        draft, pdf(b"x" * 20 * 1024 * 1024), name="a.pdf", request_id=new_request_id()
    )
    assert (await refusal(large)).reason == "ATTACHMENT_TOO_LARGE"
    assert (await contractor.get_contract(draft.contract_id)).attachments == ()


@pytest.mark.parametrize(
    ("number", "key", "expected"),
    [
        (False, True, {("NUMBER_TYPING_ERROR", "contract_number")}),
        (True, False, {("KEY_TYPING_ERROR", "key")}),
        (False, False, {("NUMBER_TYPING_ERROR", "contract_number"), ("KEY_TYPING_ERROR", "key")}),
    ],
)
async def test_typing_errors_are_told_apart(
    stage: Stage, number: bool, key: bool, expected: set[tuple[str, str]]
) -> None:
    right_key = make_key(bytes(12))
    typed_number = "11250000000013" if number else "11250000000010"
    typed_key = right_key if key else ("1" if right_key[0] != "1" else "2") + right_key[1:]
    city = await stage.as_("")
    found = await reasons(city.open_certificate(_sound(typed_number) if number else typed_number, typed_key))
    assert found == expected


async def test_a_wrong_pair_looks_like_an_unknown_number(stage: Stage) -> None:
    contractor, city = await stage.as_("contractor"), await stage.as_("")
    contract, other = await stage.issued(), await stage.issued()
    foreign = (await contractor.get_key(other.contract_id)).key
    wrong = await refusal(city.open_certificate(contract.contract_number, foreign))
    unknown = await refusal(city.open_certificate(_sound("11250000000013"), foreign))
    assert wrong.reason == unknown.reason == "WRONG_NUMBER_OR_KEY"
    assert wrong.sentence == unknown.sentence
    assert wrong.fields == unknown.fields == ()
    openings = await contractor.list_openings(contract.contract_id)
    assert [opening.success for opening in openings] == [False]
    assert (await contractor.get_contract(contract.contract_id)).first_open_time is None
    invalid = await refusal(city.download_viewed("vwt_nothing"))
    assert invalid.reason == "VIEWING_TOKEN_INVALID"


async def test_a_handing_in_has_happened(stage: Stage) -> None:
    contractor = await stage.as_("contractor")
    contract = await stage.issued()
    issued = contract.issue_time
    assert issued is not None
    late = contractor.record_hand_in(
        contract, 1, "MAIL", request_id=new_request_id(), hand_in_time=issued + timedelta(days=1)
    )
    assert (await refusal(late)).reason == "DATE_IN_FUTURE"
    early = contractor.record_hand_in(
        contract, 1, "MAIL", request_id=new_request_id(), hand_in_time=issued - timedelta(days=1)
    )
    assert (await refusal(early)).reason == "DATE_OUT_OF_RANGE"
    second = contractor.record_hand_in(contract, 2, "MAIL", request_id=new_request_id())
    assert (await refusal(second)).reason == "NOT_ISSUED"


def _sound(number: str) -> str:
    """A number that nothing has, with its right check digit."""
    from tashika_formats.number import luhn_digit

    return number[:13] + luhn_digit(number[:13])
