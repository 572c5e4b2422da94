"""The people of the stage on a real server, made as an operator makes them."""

from typing import Any

import grpc.aio

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import directory_service_pb2_grpc, session_service_pb2_grpc, user_pb2
from tashika.v1 import organization_pb2 as org
from tashika.v1 import session_service_pb2 as sessions
from tashika_server.host.register import Register
from tashika_server.sample import orderers_json
from tashika_tui.client.intent import new_request_id
from tests.e2e.client.stage import PEOPLE
from tests.support.orderers import EVERY_KEY, policy_file

_OPERATOR_PASSWORD = "とても長い運営の合言葉-0"
_FIRST_PASSWORD = "はじめに渡す長い合言葉-1"
PASSWORD = "あとから決めた長い合言葉-2"
_INVENTED = (
    '{"schema":"tashika-orderers/1","orderers":[{"id":"paper-only","name":"紙町","addressee":"紙町長"}]}'
)


async def found(register: Register, address: str) -> tuple[dict[str, str], dict[str, str]]:
    """Ids of organisations and tokens of people, by their short names."""
    await register.use_cases.directory.create_operator("operator", "運営 太郎", _OPERATOR_PASSWORD)
    async with grpc.aio.insecure_channel(address) as channel:
        people: Any = session_service_pb2_grpc.SessionServiceStub(channel)
        office: Any = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        operator = await _sign_in(people, "operator", _OPERATOR_PASSWORD)
        for text in (orderers_json(), _INVENTED, policy_file(EVERY_KEY)):
            request = directory.ImportOrderersRequest(request_id=new_request_id(), policy_file=text)
            await office.ImportOrderers(request, metadata=operator)
        ids = {}
        for name, organization in _organizations().items():
            made = await office.CreateOrganization(
                directory.CreateOrganizationRequest(request_id=new_request_id(), organization=organization),
                metadata=operator,
            )
            ids[name] = made.organization.organization_id
        tokens = {}
        for name, (home, roles) in PEOPLE.items():
            user = user_pb2.User(
                organization_id=ids[home],
                login_name=name,
                name="髙﨑 花子",
                title="契約部長",
                mail=f"{name.replace('_', '.')}@example.jp",
                roles=[f"ROLE_{role}" for role in roles.split()],
            )
            hiring = directory.CreateUserRequest(
                request_id=new_request_id(), user=user, initial_password=_FIRST_PASSWORD
            )
            await office.CreateUser(hiring, metadata=operator)
            first = await _sign_in(people, name, _FIRST_PASSWORD)
            change = sessions.ChangePasswordRequest(old_password=_FIRST_PASSWORD, new_password=PASSWORD)
            await people.ChangePassword(change, metadata=first)
            tokens[name] = first[0][1].removeprefix("Bearer ")
        return ids, tokens


async def _sign_in(people: Any, login_name: str, password: str) -> tuple[tuple[str, str], ...]:
    made = await people.CreateSession(sessions.CreateSessionRequest(login_name=login_name, password=password))
    return (("authorization", f"Bearer {made.token}"),)


def _organizations() -> dict[str, org.Organization]:
    address = "千葉県柏市あけぼの一丁目１番１号"
    company: dict[str, Any] = {
        "kind": org.ORGANIZATION_KIND_CONTRACTOR,
        "address": address,
        "representative": "代表取締役　𠮷田 葛󠄀男",
        "telephone": "04-7000-0000",
    }
    guarantor: dict[str, Any] = {
        "kind": org.ORGANIZATION_KIND_GUARANTOR,
        "guarantor_kind": org.GUARANTOR_KIND_GUARANTEE_COMPANY,
        "address": address,
        "representative": "取締役社長　中村 花子",
        "telephone": "03-0000-0000",
        "terms_reference_performance": "契約保証約款（令和６年４月１日）",
        "terms_reference_prepayment": "前払金保証約款（令和６年４月１日）",
        "approval_from_yen": 10_000_000,
    }
    branches = [
        org.Branch(name="千葉支店", telephone="043-000-0000", address="千葉県千葉市中央区架空１"),
        org.Branch(name="東京支店", telephone="03-0000-0001", address="東京都千代田区架空２"),
    ]
    return {
        "company": org.Organization(name="㈱髙﨑建設", kana="たかさきけんせつ", **company),
        "other_company": org.Organization(name="𠮷田土木㈱", kana="よしだどぼく", **company),
        "guarantor": org.Organization(
            name="東陽建設業保証株式会社", kana="とうよう", guarantor_code=11, branches=branches, **guarantor
        ),
        "other_guarantor": org.Organization(
            name="つくし保証株式会社", kana="つくし", guarantor_code=12, **guarantor
        ),
    }
