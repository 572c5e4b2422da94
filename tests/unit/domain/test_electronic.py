from dataclasses import replace
from datetime import date

import pytest

from tashika_server.domain.assessment import assess
from tashika_server.domain.model import Application, Form, GuarantorKind, Product
from tashika_server.domain.policy import ElectronicPolicy, Policy, SinceBasis
from tashika_server.domain.policy_choice import PolicyChoice
from tashika_server.domain.reasons import Reason, WarningReason
from tests.unit.domain.making import GUARANTOR, TODAY, judged, performance, prepayment, reasons, warned

FORM = "application.form"
SINCE = date(2026, 4, 1)


def accepts(**keys: object) -> Policy:
    return Policy(electronic=ElectronicPolicy(**keys))  # type: ignore[arg-type]


def test_without_a_word_only_paper_is_accepted() -> None:
    assert reasons(judged(prepayment(), Policy())) == {(Reason.ELECTRONIC_NOT_ACCEPTED, FORM)}
    assert judged(prepayment(form=Form.PAPER), Policy()).violations == ()


def test_without_a_policy_only_paper_is_accepted_and_a_warning_given() -> None:
    paper = judged(prepayment(form=Form.PAPER), None)
    assert paper.violations == ()
    assert WarningReason.NO_POLICY_FOUND in warned(paper)
    assert reasons(judged(prepayment(), None)) == {(Reason.ELECTRONIC_NOT_ACCEPTED, FORM)}


@pytest.mark.parametrize("application", [prepayment(), performance()])
def test_what_the_part_leaves_out_restricts_nothing(application: Application) -> None:
    assert judged(application, accepts()).violations == ()


def test_products() -> None:
    only = accepts(products=frozenset({Product.PERFORMANCE}))
    assert judged(performance(), only).violations == ()
    assert reasons(judged(prepayment(), only)) == {(Reason.ELECTRONIC_PRODUCT_NOT_ACCEPTED, FORM)}


def test_works_kinds() -> None:
    only = accepts(works_kinds=frozenset({"CONSULTING"}))
    assert judged(prepayment(works_kind="CONSULTING", amount_yen=1), only).violations == ()
    assert reasons(judged(prepayment(), only)) == {(Reason.ELECTRONIC_WORKS_KIND_NOT_ACCEPTED, FORM)}


def test_guarantor_kinds() -> None:
    only = accepts(guarantor_kinds=frozenset({GuarantorKind.INSURER}))
    assert reasons(judged(prepayment(), only)) == {(Reason.ELECTRONIC_GUARANTOR_KIND_NOT_ACCEPTED, FORM)}


def test_every_reason_comes_at_once() -> None:
    nothing_fits = accepts(
        products=frozenset({Product.PERFORMANCE}),
        works_kinds=frozenset({"SERVICES"}),
        guarantor_kinds=frozenset({GuarantorKind.BANK}),
        since=date(2027, 1, 1),
    )
    assert {reason for reason, _ in reasons(judged(prepayment(), nothing_fits))} == {
        Reason.ELECTRONIC_PRODUCT_NOT_ACCEPTED,
        Reason.ELECTRONIC_WORKS_KIND_NOT_ACCEPTED,
        Reason.ELECTRONIC_GUARANTOR_KIND_NOT_ACCEPTED,
        Reason.ELECTRONIC_NOT_YET_ACCEPTED,
    }


@pytest.mark.parametrize(
    ("basis", "field"),
    [
        (None, "contract_date"),
        (SinceBasis.CONTRACT_DATE, "contract_date"),
        (SinceBasis.NOTICE_DATE, "notice_date"),
        (SinceBasis.INITIAL_CONTRACT_DATE, "initial_contract_date"),
    ],
)
def test_the_basis_says_which_date_decides(basis: SinceBasis | None, field: str) -> None:
    policy = accepts(since=SINCE, since_basis=basis)
    dates = {"notice_date": date(2026, 3, 1), "initial_contract_date": date(2026, 3, 2)}
    before = {**dates, "contract_date": date(2026, 3, 3), field: date(2026, 3, 31)}
    if field != "contract_date":
        before["contract_date"] = date(2026, 5, 1)
    from_then = {**before, field: SINCE, "contract_date": date(2026, 5, 1)}
    place = f"application.works.{field}"

    def with_dates(days: dict[str, date]) -> Application:
        return prepayment(**{f"works_{name}": day for name, day in days.items()})

    assert reasons(judged(with_dates(before), policy)) == {(Reason.ELECTRONIC_NOT_YET_ACCEPTED, place)}
    assert judged(with_dates(from_then), policy).violations == ()


def test_an_unknown_contract_date_counts_as_the_expected_one_with_a_warning() -> None:
    policy = accepts(since=date(2026, 5, 20), since_basis=SinceBasis.CONTRACT_DATE)
    found = judged(prepayment(works_expected_contract_date=date(2026, 5, 20)), policy)
    assert found.violations == ()
    assert WarningReason.EXPECTED_DATE_USED in warned(found)
    early = prepayment(works_expected_contract_date=date(2026, 5, 19))
    place = "application.works.expected_contract_date"
    assert reasons(judged(early, policy)) == {(Reason.ELECTRONIC_NOT_YET_ACCEPTED, place)}


@pytest.mark.parametrize(
    ("basis", "to_enter"),
    [
        (SinceBasis.CONTRACT_DATE, "expected_contract_date"),
        (SinceBasis.NOTICE_DATE, "notice_date"),
        (SinceBasis.INITIAL_CONTRACT_DATE, "expected_contract_date"),
    ],
)
def test_an_unknown_date_is_asked_for_by_name(basis: SinceBasis, to_enter: str) -> None:
    dateless = prepayment(works_notice_date=None, works_expected_contract_date=None)
    found = reasons(judged(dateless, accepts(since=SINCE, since_basis=basis)))
    assert found == {(Reason.ELECTRONIC_BASIS_DATE_UNKNOWN, f"application.works.{to_enter}")}


def test_a_signed_contract_may_have_been_changed_so_its_initial_date_is_asked_for() -> None:
    policy = accepts(since=SINCE, since_basis=SinceBasis.INITIAL_CONTRACT_DATE)
    signed = prepayment(works_contract_date=date(2026, 5, 1))
    place = "application.works.initial_contract_date"
    assert reasons(judged(signed, policy)) == {(Reason.ELECTRONIC_BASIS_DATE_UNKNOWN, place)}
    assert judged(prepayment(), policy).violations == ()


def test_a_policy_that_is_not_valid_yet_accepts_no_electronic_form() -> None:
    later = PolicyChoice(None, valid_from=date(2027, 4, 1))
    electronic = assess(prepayment(), choice=later, guarantor=GUARANTOR, today=TODAY)
    assert reasons(electronic) == {(Reason.POLICY_NOT_VALID_YET, FORM)}
    paper = assess(prepayment(form=Form.PAPER), choice=later, guarantor=GUARANTOR, today=TODAY)
    assert paper.violations == ()
    assert WarningReason.NO_POLICY_FOUND in warned(paper)


@pytest.mark.parametrize("kind", [GuarantorKind.INSURER, GuarantorKind.BANK])
def test_only_guarantee_companies_issue_here(kind: GuarantorKind) -> None:
    other = replace(GUARANTOR, guarantor_kind=kind)
    found = reasons(judged(performance(form=Form.PAPER), guarantor=other))
    assert found == {(Reason.PRODUCT_NOT_OFFERED, "application.guarantor_id")}
