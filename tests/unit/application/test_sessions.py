"""Signing in and out: who gets in, who is put out, and what a fault of the store may not do to readers."""

import asyncio
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from tashika_server.application.caller import Caller
from tashika_server.application.directory import UserChanges
from tashika_server.application.sessions import LIMIT_PER_NAME, LIMIT_PER_NAME_AND_PEER
from tashika_server.application.signed_in import SignedIn
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tests.unit.application.office import COMPANY, FIRST_PASSWORD, PASSWORD, Office

NAME = "contractor@example.jp"


async def sign_in(
    office: Office, password: str = FIRST_PASSWORD, name: str = NAME, peer: str = "unix"
) -> SignedIn:
    return await office.uses.sessions.create(name, password, "ja", peer)


async def enter(office: Office, signed_in: SignedIn) -> Caller:
    session = signed_in.session
    return await office.uses.sessions.authenticate(session.session_id, signed_in.secret, "", "unix")


async def refused(call: Any) -> Reason:
    with pytest.raises(RefusedError) as raised:
        await call
    return raised.value.reason


async def test_an_unknown_name_a_wrong_password_and_a_disabled_account_are_refused_alike(
    office: Office,
) -> None:
    await office.uses.directory.update_user(
        office.operator, office.stranger.user_id, UserChanges(disabled=True), None, None
    )

    for name, password in (
        ("nobody@example.jp", FIRST_PASSWORD),
        (NAME, PASSWORD),
        ("stranger@example.jp", FIRST_PASSWORD),
    ):
        with pytest.raises(RefusedError) as raised:
            await sign_in(office, password, name)
        assert [(v.reason, v.field, dict(v.params)) for v in raised.value.violations] == [
            (Reason.WRONG_CREDENTIALS, "", {})
        ]


async def test_a_new_password_signs_out_every_other_session(office: Office) -> None:
    own, other = await sign_in(office), await sign_in(office)

    await office.uses.sessions.change_password(await enter(office, own), FIRST_PASSWORD, PASSWORD)

    assert not (await enter(office, own)).must_change_password
    assert await refused(enter(office, other)) is Reason.UNAUTHENTICATED
    assert await refused(sign_in(office)) is Reason.WRONG_CREDENTIALS


@pytest.mark.parametrize("changes", [UserChanges(new_password=PASSWORD), UserChanges(disabled=True)])
async def test_an_account_that_changes_while_its_password_is_compared_opens_no_session(
    office: Office, changes: UserChanges
) -> None:
    compare = office.kit.passwords.verify

    async def overtaken(_: object, password: str, encoded: str) -> bool:
        right = await compare(password, encoded)
        await office.uses.directory.update_user(
            office.operator, office.contractor.user_id, changes, None, None
        )
        return right

    with patch.object(type(office.kit.passwords), "verify", overtaken):
        assert await refused(sign_in(office)) is Reason.WRONG_CREDENTIALS


async def test_a_disabled_person_and_organisation_are_out_at_once(office: Office) -> None:
    person, colleague = await sign_in(office), await sign_in(office, name="colleague@example.jp")
    directory = office.uses.directory

    await directory.update_user(
        office.operator, office.contractor.user_id, UserChanges(disabled=True), None, None
    )
    assert await refused(enter(office, person)) is Reason.UNAUTHENTICATED

    company = replace(COMPANY, organization_id=office.homes["company"], disabled=True)
    await directory.update_organization(office.operator, company, None, None)
    assert await refused(enter(office, colleague)) is Reason.UNAUTHENTICATED


async def test_a_session_ends_after_an_idle_hour_and_after_half_a_day_of_work(office: Office) -> None:
    idle = await sign_in(office)
    busy = await sign_in(office)
    for _ in range(24):
        office.clock.move(minutes=29)
        await enter(office, busy)

    assert await refused(enter(office, idle)) is Reason.SESSION_EXPIRED
    office.clock.move(minutes=29)
    assert await refused(enter(office, busy)) is Reason.SESSION_EXPIRED


async def test_a_wrong_secret_is_not_told_that_the_session_is_over(office: Office) -> None:
    signed_in = await sign_in(office)
    office.clock.move(days=1)

    assert await refused(enter(office, replace(signed_in, secret=b"x" * 32))) is Reason.UNAUTHENTICATED


@pytest.mark.parametrize("reason", [Reason.STORE_UNAVAILABLE, Reason.OUTCOME_UNKNOWN, Reason.SERVER_BUSY])
async def test_who_is_signed_in_goes_on_reading_while_the_store_takes_no_writes(
    office: Office, reason: Reason
) -> None:
    signed_in = await sign_in(office)
    office.clock.move(minutes=5)

    async def full(*_: object) -> None:
        raise refuse(reason)

    with patch.object(type(office.kit.store), "run", full):
        assert (await enter(office, signed_in)).user_id == office.contractor.user_id


async def test_passwords_of_one_name_are_tried_a_few_times_only_whoever_tries(office: Office) -> None:
    for _ in range(LIMIT_PER_NAME_AND_PEER):
        assert await refused(sign_in(office, PASSWORD, peer="10.0.0.1")) is Reason.WRONG_CREDENTIALS
    assert await refused(sign_in(office, peer="10.0.0.1")) is Reason.TOO_MANY_ATTEMPTS
    await sign_in(office, peer="10.0.0.2")

    tries = (sign_in(office, PASSWORD, peer=f"10.0.1.{n}") for n in range(LIMIT_PER_NAME))
    await asyncio.gather(*tries, return_exceptions=True)
    assert await refused(sign_in(office, peer="10.0.0.3")) is Reason.TOO_MANY_ATTEMPTS
    office.clock.move(minutes=10)
    await sign_in(office, peer="10.0.0.1")


async def test_what_is_secret_shows_in_no_representation(office: Office) -> None:
    signed_in = await sign_in(office)

    assert repr(signed_in.secret) not in repr(signed_in)
    assert PASSWORD not in repr(UserChanges(new_password=PASSWORD))
