"""What a client sends back unchanged is what it got: nothing is lost on the wire in either direction."""

from dataclasses import fields, replace
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from google.type.date_pb2 import Date
from hypothesis import given
from hypothesis import strategies as st

from tashika.v1 import application_pb2, organization_pb2, policy_pb2, product_pb2, user_pb2, works_pb2
from tashika_server.domain import model as m
from tashika_server.domain import policy as p
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.transport.convert.application import application_from_proto, application_to_proto
from tashika_server.transport.convert.directory import (
    organization_from_proto,
    organization_to_proto,
    user_from_proto,
    user_to_proto,
)
from tashika_server.transport.convert.policy import policy_from_proto, policy_to_proto
from tashika_server.transport.convert.works import works_terms_from_proto, works_terms_to_proto
from tests.transport.convert.samples import APPLICATION, WORKS

TEXTS = st.text(max_size=8) | st.sampled_from(["髙﨑", "𠮷田", "葛󠄁城", "㈱①"])
YEN = st.integers(-(2**63), 2**63 - 1)
SMALL = st.integers(-(2**31), 2**31 - 1)
PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    date: st.dates(),
    type(None): st.none(),
}


def anything(hint: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Give any value of a type of the domain; how large a number may be goes by its name."""
    parts = get_args(hint)
    if hint is int:
        return YEN if name.endswith("_yen") else SMALL
    if hint in PLAIN:
        return PLAIN[hint]
    if get_origin(hint) is tuple:
        if parts[-1] is Ellipsis:
            return st.lists(anything(parts[0]), max_size=3).map(tuple)
        return st.tuples(*(anything(part) for part in parts))
    if get_origin(hint) is frozenset:
        return st.frozensets(anything(parts[0]), max_size=3)
    if parts:
        return st.one_of(*(anything(part, name) for part in reversed(parts)))
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    hints = get_type_hints(hint)
    return st.builds(hint, **{field.name: anything(hints[field.name], field.name) for field in fields(hint)})


@given(anything(m.Application))
def test_an_application_goes_there_and_back(application: m.Application) -> None:
    sent = application_to_proto(application).SerializeToString()
    assert application_from_proto(application_pb2.Application.FromString(sent)) == application


@given(anything(m.WorksTerms))
def test_works_go_there_and_back(terms: m.WorksTerms) -> None:
    sent = works_terms_to_proto(terms).SerializeToString()
    assert works_terms_from_proto(works_pb2.WorksTerms.FromString(sent)) == terms


@given(anything(p.Policy))
def test_a_policy_goes_there_and_back(policy: p.Policy) -> None:
    sent = policy_to_proto(policy).SerializeToString()
    assert policy_from_proto(policy_pb2.OrdererPolicy.FromString(sent)) == policy


@given(anything(m.Organization))
def test_an_organisation_goes_there_and_back_but_for_its_revision(organization: m.Organization) -> None:
    organization = replace(organization, revision=0)
    sent = organization_to_proto(organization).SerializeToString()
    assert organization_from_proto(organization_pb2.Organization.FromString(sent)) == organization


@given(anything(m.User))
def test_a_person_goes_there_and_back_but_for_what_is_the_servers(user: m.User) -> None:
    sent = user_to_proto(replace(user, revision=0)).SerializeToString()
    own = replace(user, user_id="", password_hash="", must_change_password=False, revision=0)
    assert user_from_proto(user_pb2.User.FromString(sent)) == own


def test_the_hash_of_a_password_is_nowhere_in_a_persons_message() -> None:
    user = m.User("u", "o", "hanako", "花子", password_hash="$argon2id$v=19$very-secret")
    assert b"argon2" not in user_to_proto(user).SerializeToString()


def test_an_empty_message_is_an_empty_draft() -> None:
    assert application_from_proto(application_pb2.Application()) == m.Application()


def test_an_empty_policy_has_the_defaults() -> None:
    assert policy_from_proto(policy_pb2.OrdererPolicy()) == p.Policy()


def test_a_hand_in_rule_without_version_is_for_any() -> None:
    message = policy_pb2.OrdererPolicy()
    message.hand_in.add()
    assert policy_from_proto(message).hand_in == (p.HandInRule(),)


def test_an_organisation_without_kind_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        organization_from_proto(organization_pb2.Organization(name="名無し"))
    assert (refused.value.reason, refused.value.violations[0].field) == (
        Reason.FIELD_REQUIRED,
        "organization.kind",
    )


@pytest.mark.parametrize("field", ["period_start", "period_end"])
def test_an_impossible_day_of_an_application_is_refused_at_its_path(field: str) -> None:
    message = application_to_proto(APPLICATION)
    getattr(message, field).CopyFrom(Date(year=2026, month=2, day=30))
    with pytest.raises(RefusedError) as refused:
        application_from_proto(message, "terms")
    assert (refused.value.reason, refused.value.violations[0].field) == (
        Reason.DATE_IMPOSSIBLE,
        f"terms.{field}",
    )


@pytest.mark.parametrize(
    "field",
    [
        "notice_date",
        "expected_contract_date",
        "contract_date",
        "initial_contract_date",
        "period_start",
        "period_end",
    ],
)
def test_a_day_of_works_without_its_parts_is_refused_at_its_path(field: str) -> None:
    message = application_pb2.Application(works=works_terms_to_proto(WORKS))
    getattr(message.works, field).CopyFrom(Date(year=2026))
    with pytest.raises(RefusedError) as refused:
        application_from_proto(message)
    assert refused.value.violations[0].field == f"application.works.{field}"


def test_an_unknown_choice_deep_in_a_policy_is_refused_at_its_path() -> None:
    message = policy_pb2.OrdererPolicy()
    message.hand_in.add()
    message.hand_in.add(products=[product_pb2.PRODUCT_PREPAYMENT, 77])
    with pytest.raises(RefusedError) as refused:
        policy_from_proto(message)
    violation = refused.value.violations[0]
    assert (violation.reason, violation.field) == (Reason.CHOICE_UNKNOWN, "policy.hand_in[1].products")
