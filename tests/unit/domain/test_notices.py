"""Who is told of what: the table, what a change of a contract is told of, and who gets a mail."""

from dataclasses import replace
from typing import Any

import pytest

from tashika_server.domain.model import (
    Application,
    Contract,
    ContractState,
    Fact,
    FactKind,
    Registrant,
    Role,
    User,
)
from tashika_server.domain.notices import (
    TOLD,
    NoticeKind,
    NoticePreferences,
    Party,
    Told,
    handlers,
    happened,
    kinds_for,
    mails_for,
    may_be_told,
    notice_mail_of,
    works_name_of,
)
from tests.unit.domain.making import NOW

S, K = ContractState, NoticeKind
CONTRACT = Contract("con_1", "org_1", "org_2", Application(), Registrant("usr_1", "葛城", "㈱髙﨑建設"), NOW)


def test_every_kind_is_told_to_somebody() -> None:
    assert set(TOLD) == set(NoticeKind)
    assert all(TOLD.values())


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({"state": S.SUBMITTED}, {"state": S.ACCEPTED}, (K.ACCEPTED,)),
        ({"state": S.SUBMITTED}, {"state": S.PENDING_APPROVAL}, ()),
        ({"state": S.PENDING_APPROVAL}, {"state": S.ACCEPTED}, (K.ACCEPTED,)),
        ({"state": S.ACCEPTED}, {"state": S.ACCEPTED, "fee_yen": 5}, ()),
        ({"state": S.SUBMITTED}, {"state": S.RETURNED}, (K.RETURNED,)),
        ({"state": S.ACCEPTED}, {"state": S.RETURNED}, (K.RETURNED,)),
        ({"state": S.PENDING_APPROVAL}, {"state": S.REFUSED}, (K.REFUSED,)),
        ({"state": S.ACCEPTED}, {"state": S.IN_FORCE, "version": 1}, (K.ISSUED,)),
        ({"state": S.IN_FORCE, "version": 1}, {"state": S.IN_FORCE, "version": 2}, (K.ISSUED,)),
        # on paper: no version in the register
        ({"state": S.ACCEPTED}, {"state": S.IN_FORCE}, ()),
        ({"state": S.ACCEPTED}, {"state": S.LAPSED}, ()),
        ({"state": S.ACCEPTED}, {"state": S.SUBMITTED}, ()),
        ({}, {"facts": (Fact(FactKind.HANDED_IN, 1, NOW),)}, (K.HANDED_IN,)),
        ({}, {"facts": (Fact(FactKind.RECEIVED, 1, NOW),)}, ()),
        (
            {"facts": (Fact(FactKind.HANDED_IN, 1, NOW),)},
            {"facts": (Fact(FactKind.HANDED_IN, 1, NOW), Fact(FactKind.HANDED_IN, 1, NOW))},
            (K.HANDED_IN,),
        ),
        *(
            ({}, {"facts": (Fact(FactKind.MAIL_FAILED, 1, NOW, failure=failure),)}, kinds)
            for failure, kinds in (
                ("REFUSED", (K.KEY_MAIL_FAILED,)),
                ("UNREACHABLE", (K.KEY_MAIL_FAILED,)),
                ("CHANGED", (K.KEY_MAIL_FAILED,)),
                # Who does these knows of them.
                ("REPLACED", ()),
                ("KEY_REISSUED", ()),
            )
        ),
    ],
)
def test_a_change_of_a_contract_is_told_of_as_the_table_says(
    before: dict[str, Any], after: dict[str, Any], kinds: tuple[NoticeKind, ...]
) -> None:
    assert happened(replace(CONTRACT, **before), replace(CONTRACT, **after)) == kinds


def test_a_role_can_get_what_its_party_is_told_of() -> None:
    assert kinds_for(frozenset({Role.CONTRACTOR})) == tuple(NoticeKind)
    both = (K.HANDED_IN, K.OPENED, K.KEY_REISSUED, K.KEY_GUESSING)
    assert kinds_for(frozenset({Role.UNDERWRITER})) == kinds_for(frozenset({Role.APPROVER})) == both
    assert kinds_for(frozenset({Role.OPERATOR, Role.OFFICER})) == ()


def test_who_left_or_has_another_task_is_not_told() -> None:
    clerk = User("usr_1", "org_1", "clerk", "葛城", roles=frozenset({Role.CONTRACTOR}))
    assert may_be_told(clerk, Party.CONTRACTOR)
    assert not may_be_told(clerk, Party.GUARANTOR)
    assert not may_be_told(replace(clerk, disabled=True), Party.CONTRACTOR)


def test_a_contract_is_of_who_accepted_and_who_approved_it_each_once() -> None:
    assert handlers(CONTRACT) == ()
    assert handlers(replace(CONTRACT, accepted_by="usr_a")) == ("usr_a",)
    assert handlers(replace(CONTRACT, accepted_by="usr_a", approved_by="usr_b")) == ("usr_a", "usr_b")
    assert handlers(replace(CONTRACT, accepted_by="usr_a", approved_by="usr_a")) == ("usr_a",)


def told(user_id: str, mail: str, party: Party = Party.CONTRACTOR, **wanted: Any) -> Told:
    user = User(user_id, "org", user_id, "葛城", mail=mail)
    return Told(user, party, NoticePreferences(user_id, **wanted))


def addresses(kind: NoticeKind, people: list[Told], notice_mail: str = "") -> list[tuple[str, str, str]]:
    found = mails_for(kind, people, notice_mail)
    return [(each.address, each.language, each.party.value) for each in found]


def test_people_get_mail_in_their_language_unless_they_want_none() -> None:
    people = [
        told("usr_1", "one@example.jp"),
        told("usr_2", "two@example.jp", language="en"),
        told("usr_3", "three@example.jp", no_mail=frozenset({K.ISSUED})),
        told("usr_4", ""),
        told("usr_5", "five@example.jp", Party.GUARANTOR),
    ]
    assert addresses(K.ISSUED, people) == [
        ("one@example.jp", "ja", "CONTRACTOR"),
        ("two@example.jp", "en", "CONTRACTOR"),
        ("five@example.jp", "ja", "GUARANTOR"),
    ]
    assert len(addresses(K.OPENED, people)) == 4


def test_one_mailbox_gets_one_mail_however_it_is_written() -> None:
    people = [told("usr_1", "Keiri@Example.jp", language="en"), told("usr_2", "keiri@example.jp")]
    assert addresses(K.ISSUED, people, "KEIRI@example.jp") == [("Keiri@Example.jp", "en", "CONTRACTOR")]


def test_the_applications_notice_address_is_mailed_in_japanese_whatever_its_people_want() -> None:
    nobody = [told("usr_1", "keiri@example.jp", language="en", no_mail=frozenset(NoticeKind))]
    assert addresses(K.RETURNED, nobody, "keiri@example.jp") == [("keiri@example.jp", "ja", "CONTRACTOR")]
    assert addresses(K.RETURNED, [], "keiri@example.jp") == [("keiri@example.jp", "ja", "CONTRACTOR")]
    assert addresses(K.RETURNED, [], "") == []


def test_name_and_notice_address_are_those_of_the_terms_where_there_are_any() -> None:
    applied = Application(notice_mail="applied@example.jp")
    agreed = Application(notice_mail="agreed@example.jp")
    contract = replace(
        CONTRACT, application=replace(applied, works=replace(applied.works, name="申込の工事"))
    )
    assert (notice_mail_of(contract), works_name_of(contract)) == ("applied@example.jp", "申込の工事")
    contract = replace(contract, terms=replace(agreed, works=replace(agreed.works, name="承諾の工事")))
    assert (notice_mail_of(contract), works_name_of(contract)) == ("agreed@example.jp", "承諾の工事")
