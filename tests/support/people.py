"""The people of a test register: an organisation of every kind, and somebody signed in for each role."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import organization_pb2 as org
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import user_pb2
from tashika_server.domain.calendar import japan_day
from tashika_server.sample import orderers_json
from tashika_server.transport.tokens import parse_session_token
from tests.support.client import Client, fresh
from tests.support.orderers import INVENTED, policy_file
from tests.support.server import Running

OPERATOR_PASSWORD = "とても長い運営の合言葉-0"
FIRST_PASSWORD = "はじめに渡す長い合言葉-1"
PASSWORD = "あとから決めた長い合言葉-2"


@dataclass
class World:
    """A server with people. ``organizations`` maps short names to ids."""

    running: Running
    operator: Client
    organizations: dict[str, str] = field(default_factory=dict)
    people: dict[str, Client] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list, repr=False)

    @property
    def today(self) -> date:
        """Japan's day."""
        return japan_day(self.running.clock.now())

    @property
    def anonymous(self) -> Client:
        """Nobody."""
        return self.running.client()

    def __getattr__(self, name: str) -> Any:
        """People by their short names: ``world.contractor``."""
        people: dict[str, Client] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    @property
    def secrets(self) -> list[str]:
        """What must stand in no log: passwords, and the secret parts of tokens."""
        passwords = [OPERATOR_PASSWORD, FIRST_PASSWORD, PASSWORD]
        return passwords + [parse_session_token(token).secret.hex() for token in self.tokens] + self.tokens

    async def sign_in(self, login_name: str, password: str = PASSWORD) -> Client:
        """Sign a person in."""
        request = sessions.CreateSessionRequest(login_name=login_name, password=password)
        made = await self.anonymous.sessions.CreateSession(request)
        self.tokens.append(made.token)
        return self.running.client(made.token)

    async def organize(self, short_name: str, /, **fields: Any) -> str:
        """Make an organisation, and give its id."""
        request = directory.CreateOrganizationRequest(
            request_id=fresh(), organization=org.Organization(**fields)
        )
        made = await self.operator.directory.CreateOrganization(request)
        self.organizations[short_name] = made.organization.organization_id
        return made.organization.organization_id

    async def hire(self, name: str, home: str, *roles: user_pb2.Role) -> user_pb2.User:
        """Make an account in the organisation with a short name; its password is still the first one."""
        user = user_pb2.User(
            organization_id=self.organizations[home],
            login_name=f"{name.replace('_', '.')}@example.jp",
            name=f"葛\U000e0100城 {name}",
            title="契約部長",
            mail=f"{name}@example.jp",
            roles=roles,
        )
        request = directory.CreateUserRequest(request_id=fresh(), user=user, initial_password=FIRST_PASSWORD)
        return (await self.operator.directory.CreateUser(request)).user

    async def admit(self, name: str, home: str, *roles: user_pb2.Role) -> Client:
        """Make an account, change its first password, and keep the signed-in person under the short name."""
        user = await self.hire(name, home, *roles)
        client = await self.sign_in(user.login_name, FIRST_PASSWORD)
        change = sessions.ChangePasswordRequest(old_password=FIRST_PASSWORD, new_password=PASSWORD)
        await client.sessions.ChangePassword(change)
        self.people[name] = client
        return client


COMPANY: dict[str, Any] = {
    "kind": org.ORGANIZATION_KIND_CONTRACTOR,
    "address": "千葉県柏市あけぼの一丁目１番１号",
    "representative": "代表取締役　𠮷田 葛\U000e0100男",
    "telephone": "04-7000-0000",
}
_GUARANTOR: dict[str, Any] = {
    "kind": org.ORGANIZATION_KIND_GUARANTOR,
    "guarantor_kind": org.GUARANTOR_KIND_GUARANTEE_COMPANY,
    "address": "東京都千代田区架空町一丁目２番３号",
    "representative": "取締役社長　中村 花子",
    "telephone": "03-0000-0000",
    "terms_reference_performance": "契約保証約款（令和６年４月１日）",
    "terms_reference_prepayment": "前払金保証約款（令和６年４月１日）",
    "approval_from_yen": 10_000_000,
}
BRANCHES = [
    org.Branch(
        name="千葉支店",
        telephone="043-000-0000",
        address="千葉県千葉市中央区架空１",
        hours=org.OpeningHours(
            opens_minute=540,
            closes_minute=1020,
            closed_weekdays=[org.WEEKDAY_SATURDAY, org.WEEKDAY_SUNDAY],
            yearly_closures=[
                org.YearlyClosure(first=org.YearDay(month=12, day=29), last=org.YearDay(month=1, day=3))
            ],
        ),
    ),
    org.Branch(name="東京支店", telephone="03-0000-0001", address="東京都千代田区架空２"),
]


async def make_world(running: Running) -> World:
    """Fill a new server with orderers, organisations and people."""
    await running.register.use_cases.directory.create_operator("operator", "運営 太郎", OPERATOR_PASSWORD)
    world = World(running, running.client())
    world.operator = world.people["operator"] = await world.sign_in("operator", OPERATOR_PASSWORD)
    for text in (orderers_json(), policy_file(*INVENTED)):
        await world.operator.directory.ImportOrderers(
            directory.ImportOrderersRequest(request_id=fresh(), policy_file=text)
        )
    await _organizations(world)
    await _people(world)
    return world


async def _organizations(world: World) -> None:
    await world.organize("company", name="㈱髙﨑建設", kana="たかさきけんせつ", **COMPANY)
    await world.organize("other_company", name="𠮷田土木㈱", kana="よしだどぼく", **COMPANY)
    await world.organize(
        "monthly_company", name="あけぼの道路㈱", kana="あけぼのどうろ", monthly_payer=True, **COMPANY
    )
    await world.organize(
        "guarantor",
        name="東陽建設業保証株式会社",
        kana="とうよう",
        guarantor_code=11,
        branches=BRANCHES,
        **_GUARANTOR,
    )
    await world.organize("other_guarantor", name="つくし保証株式会社", guarantor_code=12, **_GUARANTOR)
    await world.organize("unsigned_guarantor", name="無印保証株式会社", guarantor_code=13, **_GUARANTOR)
    insurer = _GUARANTOR | {"guarantor_kind": org.GUARANTOR_KIND_INSURER}
    await world.organize("insurer", name="ひかり損害保険株式会社", guarantor_code=14, **insurer)
    await world.organize("city", name="柏市契約課", kind=org.ORGANIZATION_KIND_ORDERER, orderer_id="kashiwa")
    # A folder without a key: the operator has not installed this guarantor's signing key yet.
    keys = world.running.register.settings.keys
    (keys / "guarantors" / world.organizations["unsigned_guarantor"]).mkdir(parents=True)


async def _people(world: World) -> None:
    await world.admit("contractor", "company", user_pb2.ROLE_CONTRACTOR)
    await world.admit("other_contractor", "other_company", user_pb2.ROLE_CONTRACTOR)
    await world.admit("monthly_contractor", "monthly_company", user_pb2.ROLE_CONTRACTOR)
    await world.admit("underwriter", "guarantor", user_pb2.ROLE_UNDERWRITER)
    await world.admit("approver", "guarantor", user_pb2.ROLE_APPROVER)
    await world.admit("deputy", "guarantor", user_pb2.ROLE_UNDERWRITER, user_pb2.ROLE_APPROVER)
    await world.admit("other_underwriter", "other_guarantor", user_pb2.ROLE_UNDERWRITER)
    await world.admit("unsigned_underwriter", "unsigned_guarantor", user_pb2.ROLE_UNDERWRITER)
    await world.admit("officer", "city", user_pb2.ROLE_OFFICER)
