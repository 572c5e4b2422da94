"""Organisations, people and orderers: what the operator can make, and what it can't do by mistake."""

from dataclasses import replace

import pytest

from tashika_server.application.directory import UserChanges
from tashika_server.application.orderers import Imported
from tashika_server.application.ports import ListKind, ListQuery
from tashika_server.domain.model import Organization, OrganizationKind, Role, User
from tashika_server.domain.policy import Policy
from tashika_server.domain.reasons import Reason, RefusedError
from tests.support.orderers import policy_file
from tests.unit.application.office import CITY, COMPANY, FIRST_PASSWORD, GUARANTOR, PASSWORD, Office, replay

ORGANIZATIONS = ListQuery(ListKind.ORGANIZATIONS, sort="name")


async def test_two_guarantors_never_share_a_code(office: Office) -> None:
    with pytest.raises(RefusedError) as raised:
        await office.organize("double", replace(GUARANTOR, name="二番手保証㈱"))
    assert raised.value.violations[0].reason is Reason.ALREADY_EXISTS
    assert raised.value.violations[0].field == "organization.guarantor_code"

    await office.organize("third", replace(GUARANTOR, name="三番手保証㈱", guarantor_code=13))


async def test_a_guarantors_code_and_kind_stay(office: Office) -> None:
    kept = replace(GUARANTOR, organization_id=office.homes["guarantor"])
    for wanted, field in (
        (replace(kept, guarantor_code=99), "organization.guarantor_code"),
        (replace(COMPANY, organization_id=office.homes["guarantor"]), "organization.kind"),
    ):
        with pytest.raises(RefusedError) as raised:
            await office.uses.directory.update_organization(office.operator, wanted, None, None)
        assert raised.value.violations[0].field == field


async def test_an_orderers_accounts_belong_to_an_orderer_that_is_there_also_after_a_change(
    office: Office,
) -> None:
    city = Organization("", OrganizationKind.ORDERER, "柏市契約課", orderer_id="kashiwa")
    city_id = await office.organize("city", city)

    with pytest.raises(RefusedError) as raised:
        await office.uses.directory.update_organization(
            office.operator, replace(city, organization_id=city_id, orderer_id="atlantis"), None, None
        )
    assert raised.value.violations[0].field == "organization.orderer_id"


async def test_people_have_only_roles_of_their_organisations_kind(office: Office) -> None:
    wanted = User("", office.homes["company"], "x@example.jp", "葛城", roles=frozenset({Role.APPROVER}))
    with pytest.raises(RefusedError) as raised:
        await office.uses.directory.create_user(office.operator, wanted, FIRST_PASSWORD, None)
    assert raised.value.reason is Reason.FIELD_NOT_ALLOWED

    with pytest.raises(RefusedError):
        await office.uses.directory.update_user(
            office.operator,
            office.contractor.user_id,
            UserChanges(roles=frozenset({Role.OPERATOR})),
            None,
            None,
        )


async def test_a_repeated_making_gives_the_first_person_whatever_happened_since(office: Office) -> None:
    wanted = User("", office.homes["company"], "x@example.jp", "葛城", roles=frozenset({Role.CONTRACTOR}))
    again = replay(office.operator, "CreateUser")
    made = await office.uses.directory.create_user(office.operator, wanted, FIRST_PASSWORD, again)
    await office.uses.directory.update_user(
        office.operator, made.user_id, UserChanges(name="別名"), None, None
    )

    repeated = await office.uses.directory.create_user(office.operator, wanted, PASSWORD, again)

    assert repeated == made


async def test_only_the_operator_sees_other_organisations_than_guarantors(office: Office) -> None:
    directory = office.uses.directory
    everything = await directory.list_organizations(office.operator, ORGANIZATIONS)
    seen = await directory.list_organizations(office.contractor, ORGANIZATIONS)

    assert everything.total == 4
    assert {item.kind for item in seen.items if isinstance(item, Organization)} == {
        OrganizationKind.GUARANTOR
    }


async def test_who_may_see_guarantors_only_finds_nothing_of_another_kind(office: Office) -> None:
    contractors = replace(ORGANIZATIONS, equals={"kind": OrganizationKind.CONTRACTOR})

    assert (await office.uses.directory.list_organizations(office.contractor, contractors)).items == ()
    assert len((await office.uses.directory.list_organizations(office.operator, contractors)).items) == 2


async def test_an_operator_made_on_the_host_can_sign_in_though_all_others_were_shut_out(
    office: Office,
) -> None:
    first = await office.uses.directory.create_operator("operator", "運営 太郎", PASSWORD)
    home = Organization(first.organization_id, OrganizationKind.OPERATOR, "Tashika 運営", disabled=True)
    await office.uses.directory.update_organization(office.operator, home, None, None)

    await office.uses.directory.create_operator("rescue", "運営 次郎", PASSWORD)

    signed_in = await office.uses.sessions.create("rescue", PASSWORD, "ja", "unix")
    assert signed_in.user.roles == {Role.OPERATOR}


async def test_further_operators_share_one_organisation(office: Office) -> None:
    first = await office.uses.directory.create_operator("operator", "運営 太郎", PASSWORD)
    second = await office.uses.directory.create_operator("second", "運営 次郎", PASSWORD)

    assert first.organization_id == second.organization_id


# --- orderers ---


async def test_an_import_keeps_the_reading_that_lists_are_sorted_by(office: Office) -> None:
    assert (await office.uses.orderers.get("kashiwa")).kana == "かしわし"

    again = await office.uses.orderers.import_from_host(policy_file(CITY | {"kana": "カシワシ"}))

    assert again == Imported(changed=("kashiwa",))
    kept = await office.uses.orderers.get("kashiwa")
    assert (kept.kana, len(kept.policies)) == ("カシワシ", 1)


async def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    before = await office.uses.orderers.get("kashiwa")

    assert await office.uses.orderers.import_from_host(policy_file(CITY)) == Imported(unchanged=("kashiwa",))
    assert await office.uses.orderers.get("kashiwa") == before


async def test_an_orderer_with_an_old_and_a_new_version_is_told_once_as_changed(office: Office) -> None:
    file = policy_file(CITY, CITY | {"valid_from": "2027-04-01"}, CITY | {"valid_from": "2028-04-01"})

    again = replay(office.operator, "ImportOrderers")
    imported = await office.uses.orderers.import_file(office.operator, file, again)

    assert imported == Imported(changed=("kashiwa",))
    assert await office.uses.orderers.import_file(office.operator, file, again) == imported
    assert await office.uses.orderers.import_from_host(file) == Imported(unchanged=("kashiwa",))


async def test_one_fault_in_a_file_takes_nothing_of_it(office: Office) -> None:
    with pytest.raises(RefusedError) as raised:
        await office.uses.orderers.import_from_host(
            policy_file({"id": "new-town", "name": "新町"}, {"id": "bad", "name": "悪町", "prepayment": 7})
        )
    assert raised.value.reason is Reason.POLICY_INVALID
    with pytest.raises(RefusedError):
        await office.uses.orderers.get("new-town")


async def test_an_officer_changes_the_policy_of_its_own_orderer_only(office: Office) -> None:
    await office.uses.orderers.import_from_host(policy_file({"id": "abiko", "name": "我孫子市"}))
    await office.organize("city", Organization("", OrganizationKind.ORDERER, "契約課", orderer_id="kashiwa"))
    officer = await office.hire("officer", "city", Role.OFFICER)

    changed = await office.uses.orderers.update(officer, "kashiwa", Policy(addressee="柏市長"), None, None)
    assert [version.version for version in changed.policies] == [1, 2]
    for foreign in ("abiko", "atlantis"):
        with pytest.raises(RefusedError) as raised:
            await office.uses.orderers.update(officer, foreign, Policy(), None, None)
        assert raised.value.reason is Reason.NOT_FOUND
