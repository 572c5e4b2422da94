"""The samples: invented, the same for the same seed, and within the rules of the register."""

import json
import random
from datetime import date, timedelta

import jsonschema
import pytest

from tashika_server.demo.passwords import memorable_password
from tashika_server.demo.sample_pdf import sample_pdf
from tashika_server.demo.samples import organizations, passages
from tashika_server.demo.samples.organizations import PAYING_MONTHLY
from tashika_server.demo.samples.plans import OLDEST_DAYS, CasePlan, Outcome, plan_cases, working_day_before
from tashika_server.demo.samples.tariffs import tariff
from tashika_server.demo.samples.works import OrdererBook, WorksMaker, make_book
from tashika_server.demo.seeding import invented_orderers_json
from tashika_server.domain.fields import check_organization, check_password
from tashika_server.domain.model import Product
from tashika_server.domain.pdf_check import refuse_other_than_pdf
from tashika_server.domain.policy_file import parse_policy_file
from tashika_server.domain.tariff import check_table
from tashika_server.sample import orderers_json, policy_schema_json

TODAY = date(2026, 11, 24)


def book() -> OrdererBook:
    parsed = (*parse_policy_file(orderers_json()), *parse_policy_file(invented_orderers_json()))
    return make_book(parsed, TODAY - timedelta(days=OLDEST_DAYS))


def cases(count: int, seed: int = 7, today: date = TODAY) -> list[CasePlan]:
    chance = random.Random(seed)
    return list(plan_cases(count, chance, WorksMaker(chance, book()), today))


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys_of(item)}
    return {key for item in value for key in keys_of(item)} if isinstance(value, list) else set()


def test_the_same_seed_gives_the_same_samples() -> None:
    assert cases(60) == cases(60)
    assert cases(60, seed=8) != cases(60)


@pytest.mark.parametrize("count", [0, 1, 2, 11, 12, 13, 40])
def test_as_many_contracts_are_planned_as_were_asked_for(count: int) -> None:
    assert sum(len(case.guarantees) for case in cases(count)) == count


def test_a_dozen_samples_have_every_outcome() -> None:
    assert {plan.outcome for case in cases(12) for plan in case.guarantees} == set(Outcome)


@pytest.mark.parametrize("today", [date(2026, 1, 2), date(2026, 4, 1), date(2028, 2, 29), date(2031, 3, 31)])
def test_steps_lie_before_today_and_in_order(today: date) -> None:
    for case in cases(200, today=today):
        days = [plan.day for plan in case.guarantees]
        assert today - timedelta(days=OLDEST_DAYS) <= days[0] <= days[-1] < today
        products = [plan.product for plan in case.guarantees]
        if len(products) == 2:
            assert products == [Product.PERFORMANCE, Product.PREPAYMENT]
            assert days[0] < case.signing < days[1]
        assert case.signed.period_end is not None
        assert (case.signed.period_end < today) is case.guarantees[-1].outcome.over


def test_nothing_lapses_of_those_who_pay_by_the_month() -> None:
    planned = cases(2_000)
    lapsed = {
        (case.contractor, case.guarantor)
        for case in planned
        if Outcome.LAPSED in {plan.outcome for plan in case.guarantees}
    }
    assert len(lapsed) > 10
    assert lapsed & PAYING_MONTHLY == set()
    assert {(case.contractor, case.guarantor) for case in planned} >= PAYING_MONTHLY


def test_sample_tariffs_are_whole_and_called_fictional() -> None:
    tables = [
        tariff(place, TODAY, later=later)
        for place in range(len(organizations.GUARANTORS))
        for later in (False, True)
    ]
    assert [fault for table in tables for fault in check_table(table)] == []
    assert {table.label for table in tables} == {"架空の料率"}
    assert len({table.bands for table in tables}) == len(tables)
    products = [{band.product for band in table.bands} for table in tables]
    assert products == [set(Product)] * len(tables)


def test_working_days_have_no_weekends() -> None:
    assert working_day_before(date(2026, 11, 23), 1) == date(2026, 11, 20)
    assert working_day_before(date(2026, 11, 22), 1) == date(2026, 11, 20)


def test_sample_organisations_are_well_formed() -> None:
    parties = (*organizations.GUARANTORS, *organizations.CONTRACTORS, *organizations.ORDERER_ACCOUNTS)
    assert [fault for party in parties for fault in check_organization(party.organization)] == []
    names = [person.login_name for party in parties for person in party.people]
    assert len(set(names)) == len(names)


def test_samples_have_rare_characters() -> None:
    text = "".join(party.organization.name for party in organizations.CONTRACTORS)
    text += "".join(name for name, _ in passages.CONSTRUCTION)
    assert not [char for char in ("髙", "﨑", "𠮷", "葛\U000e0101", "㈱", "①") if char not in text]


def test_invented_orderers_fit_the_schema_and_use_every_key_of_it() -> None:
    schema = json.loads(policy_schema_json())
    file = json.loads(invented_orderers_json())
    jsonschema.validate(file, schema)
    parts = (schema, *schema["$defs"].values())
    known = {key for part in parts for key in part.get("properties", {})}
    assert known - keys_of(file) == set()


def test_generated_passwords_are_suitable_and_differ() -> None:
    made = [memorable_password() for _ in range(300)]
    assert len(set(made)) == len(made)
    assert [fault for password in made for fault in check_password(password, "kensetsu")] == []


def test_the_sample_attachment_is_a_pdf() -> None:
    refuse_other_than_pdf(sample_pdf("works contract"), "chunk")
