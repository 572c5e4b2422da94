"""Keys for signing in over SSH: whose they are, whom they sign in, and whose word is believed about that."""

from dataclasses import replace
from typing import Any

import pytest

from tashika_server.application.caller import Caller
from tashika_server.application.directory import UserChanges
from tashika_server.application.signed_in import SignedIn
from tashika_server.domain.limits import MAX_SSH_KEYS
from tashika_server.domain.model import Role, SshKey
from tashika_server.domain.reasons import Reason, RefusedError
from tests.support.ssh_keys import made_up_key
from tests.unit.application.office import COMPANY, FIRST_PASSWORD, PASSWORD, Office, replay

NAME = "contractor@example.jp"
KEY = made_up_key("contractor", "花子@契約課")
HOST = Caller(peer="203.0.113.7", ssh_host=True)


async def refused(call: Any) -> tuple[Reason, str]:
    with pytest.raises(RefusedError) as raised:
        await call
    first = raised.value.violations[0]
    return first.reason, first.field


async def add(office: Office, key: str = KEY, person: Caller | None = None, name: str = "") -> SshKey:
    return await office.uses.ssh_keys.add(person or office.contractor, key, name, None)


async def sign_in(office: Office, key: str = KEY, name: str = NAME, host: Caller = HOST) -> SignedIn:
    return await office.uses.sessions.create_by_key(host, name, key, "ja")


async def enter(office: Office, signed_in: SignedIn) -> Caller:
    session = signed_in.session
    return await office.uses.sessions.authenticate(session.session_id, signed_in.secret, "", "unix")


async def test_a_registered_key_signs_its_person_in_and_the_trail_says_that_it_was_by_key(
    office: Office,
) -> None:
    await add(office)

    caller = await enter(office, await sign_in(office, f"{KEY} another comment"))

    assert caller.user_id == office.contractor.user_id
    assert await office.audited("session.create_by_ssh_key") == 1
    assert await office.audited("ssh_key.add") == 1


async def test_only_the_ssh_host_is_believed_whoever_else_asks(office: Office) -> None:
    await add(office)
    for host in (Caller(), office.contractor, office.operator):
        assert (await refused(sign_in(office, host=host)))[0] is Reason.PERMISSION_DENIED
        asked = office.uses.sessions.check_key(host, NAME, KEY)
        assert (await refused(asked))[0] is Reason.PERMISSION_DENIED


async def test_a_key_signs_in_nobody_but_its_owner(office: Office) -> None:
    await add(office)
    for name, key in (
        ("colleague@example.jp", KEY),
        ("nobody@example.jp", KEY),
        ("", KEY),
        (NAME, made_up_key("another")),
    ):
        assert (await refused(sign_in(office, key, name)))[0] is Reason.WRONG_CREDENTIALS
    assert await office.audited("session.refused") == 4


async def test_the_host_may_ask_whose_a_key_is_before_it_is_proven(office: Office) -> None:
    await add(office)
    check = office.uses.sessions.check_key

    assert await check(HOST, "", KEY) == NAME
    assert await check(HOST, NAME, KEY) == NAME
    assert (await refused(check(HOST, "colleague@example.jp", KEY)))[0] is Reason.WRONG_CREDENTIALS
    assert (await refused(check(HOST, "", made_up_key("another"))))[0] is Reason.WRONG_CREDENTIALS


async def test_no_key_signs_in_an_operator_not_even_one_that_was_registered_before(office: Office) -> None:
    operator = await office.uses.directory.create_operator("operator", "運営 太郎", PASSWORD)
    caller = replace(office.operator, user_id=operator.user_id)
    await add(office, person=caller)

    assert (await refused(sign_in(office, name="operator")))[0] is Reason.WRONG_CREDENTIALS
    asked = office.uses.sessions.check_key(HOST, "operator", KEY)
    assert (await refused(asked))[0] is Reason.WRONG_CREDENTIALS


async def test_an_operators_password_opens_no_session_over_ssh(office: Office) -> None:
    await office.uses.directory.create_operator("operator", "運営 太郎", PASSWORD)
    create = office.uses.sessions.create

    assert (await refused(create("operator", PASSWORD, "ja", "203.0.113.7", over_ssh=True)))[
        0
    ] is Reason.OPERATOR_OVER_SSH
    wrong = create("operator", FIRST_PASSWORD, "ja", "203.0.113.7", over_ssh=True)
    assert (await refused(wrong))[0] is Reason.WRONG_CREDENTIALS
    assert (await create("operator", PASSWORD, "ja", "unix")).user.roles == {Role.OPERATOR}


async def test_a_disabled_person_or_organisation_is_not_let_in_by_a_key(office: Office) -> None:
    await add(office)
    await add(office, made_up_key("stranger"), office.stranger)
    await office.uses.directory.update_user(
        office.operator, office.contractor.user_id, UserChanges(disabled=True), None, None
    )
    company = replace(COMPANY, organization_id=office.homes["other_company"], disabled=True)
    await office.uses.directory.update_organization(office.operator, company, None, None)

    assert (await refused(sign_in(office)))[0] is Reason.WRONG_CREDENTIALS
    stranger = sign_in(office, made_up_key("stranger"), "stranger@example.jp")
    assert (await refused(stranger))[0] is Reason.WRONG_CREDENTIALS


async def test_a_key_belongs_to_one_person(office: Office) -> None:
    await add(office)
    for person in (office.contractor, office.colleague):
        assert await refused(add(office, person=person)) == (Reason.ALREADY_EXISTS, "public_key")


async def test_a_person_has_a_bounded_number_of_keys(office: Office) -> None:
    for number in range(MAX_SSH_KEYS):
        await add(office, made_up_key(f"{number}"))
    assert await refused(add(office)) == (Reason.TOO_MANY_ITEMS, "public_key")


async def test_what_is_no_key_is_refused_by_its_cause(office: Office) -> None:
    with pytest.raises(RefusedError) as raised:
        await add(office, "-----BEGIN OPENSSH PRIVATE KEY-----")
    first = raised.value.violations[0]
    assert (first.reason, dict(first.params)) == (Reason.SSH_KEY_UNSUITABLE, {"problem": "SSH_KEY_PRIVATE"})
    assert await refused(add(office, name="改行\nの名前")) == (Reason.FIELD_CHARACTER, "name")


async def test_a_key_is_called_by_the_name_given_else_by_its_comment(office: Office) -> None:
    assert (await add(office)).name == "花子@契約課"
    assert (await add(office, made_up_key("2", "comment"), name="会社の PC")).name == "会社の PC"


async def test_a_repeated_request_registers_one_key(office: Office) -> None:
    again = replay(office.contractor, "AddSshKey")
    made = await office.uses.ssh_keys.add(office.contractor, KEY, "", again)
    assert await office.uses.ssh_keys.add(office.contractor, KEY, "", again) == made


async def test_people_see_their_own_keys_and_the_operator_anybodys(office: Office) -> None:
    made = [await add(office), await add(office, made_up_key("2"))]
    await add(office, made_up_key("3"), office.colleague)
    listing = office.uses.ssh_keys.list

    assert list(await listing(office.contractor, "")) == made
    assert list(await listing(office.operator, office.contractor.user_id)) == made
    foreign = listing(office.colleague, office.contractor.user_id)
    assert (await refused(foreign))[0] is Reason.PERMISSION_DENIED


async def test_a_removed_key_is_void_and_ends_the_persons_other_sessions(office: Office) -> None:
    key = await add(office)
    here, there = await sign_in(office), await sign_in(office)
    other = await office.uses.sessions.create("colleague@example.jp", FIRST_PASSWORD, "ja", "unix")

    await office.uses.ssh_keys.remove(await enter(office, here), key.ssh_key_id, None)

    assert (await refused(sign_in(office)))[0] is Reason.WRONG_CREDENTIALS
    assert (await refused(enter(office, there)))[0] is Reason.UNAUTHENTICATED
    for signed_in in (here, other):
        await enter(office, signed_in)
    assert not await office.uses.ssh_keys.list(office.contractor, "")
    # It can be registered again, by whoever holds it now.
    await add(office, person=office.colleague)


async def test_the_operator_removes_anybodys_key_and_nobody_else_does(office: Office) -> None:
    key = await add(office)
    signed_in = await sign_in(office)
    remove = office.uses.ssh_keys.remove

    assert await refused(remove(office.colleague, key.ssh_key_id, None)) == (Reason.NOT_FOUND, "ssh_key_id")
    again = replay(office.operator, "RemoveSshKey")
    await remove(office.operator, key.ssh_key_id, again)
    await remove(office.operator, key.ssh_key_id, again)

    assert await refused(remove(office.operator, key.ssh_key_id, None)) == (Reason.NOT_FOUND, "ssh_key_id")
    assert (await refused(enter(office, signed_in)))[0] is Reason.UNAUTHENTICATED
    # The key, and the session that went with it; the repeated request did nothing.
    assert await office.audited("ssh_key.remove") == 2


async def test_a_key_that_is_removed_while_it_signs_in_opens_no_session(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await add(office)
    read = office.kit.store.read

    async def overtaken(query: Any, **kwargs: Any) -> Any:
        found = await read(query, **kwargs)
        monkeypatch.undo()
        await office.uses.ssh_keys.remove(office.operator, key.ssh_key_id, None)
        return found

    monkeypatch.setattr(office.kit.store, "read", overtaken)
    assert (await refused(sign_in(office)))[0] is Reason.WRONG_CREDENTIALS
