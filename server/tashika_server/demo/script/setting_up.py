"""The first steps: the server, the operator, organisations and people."""

import secrets

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import session_service_pb2 as sessions
from tashika.v1 import user_pb2
from tashika.v1.organization_pb2 import Branch, GuarantorKind, Organization, OrganizationKind
from tashika_server.demo.passwords import memorable_password
from tashika_server.demo.script.desk import Desk, failed, fresh_id, hold
from tashika_server.demo.script.failure import StepFailedError
from tashika_server.demo.script.options import Credentials
from tashika_server.demo.script.stage import Stage

ORDERER = "kashiwa"

_CONTRACTOR = "株式会社実演髙﨑𠮷田組"
_PAGE = 200
_CODES = range(99, 0, -1)


async def connect(stage: Stage) -> str:
    """Ask the server what it is. The script plays on demo servers alone: it makes organisations and guarantees."""
    stage.info = await stage.anyone.ask(stage.anyone.sessions.GetServerInfo, sessions.GetServerInfoRequest())
    if not stage.info.demo:
        raise StepFailedError(
            "見本用のサーバーではありません。 / This is not a demo server.",
            "tashika-server serve --demo で起動したサーバーを指定してください。 / "
            "Name a server that was started with: tashika-server serve --demo",
        )
    return f"{stage.info.version} 見本 DEMO, {stage.today.isoformat()}"


async def operator_signs_in(stage: Stage) -> None:
    """The operator signs in."""
    stage.operator = await stage.anyone.signed_in(stage.options.operator)


async def import_policies(stage: Stage) -> str:
    """The operator imports the orderers' policies."""
    request = directory.ImportOrderersRequest(request_id=fresh_id(), policy_file=stage.options.policy_file)
    answer = await stage.operator.ask(stage.operator.directory.ImportOrderers, request)
    there = [*answer.added_orderer_ids, *answer.changed_orderer_ids, *answer.unchanged_orderer_ids]
    hold(ORDERER in there, "柏市の取扱いがありません。", "The policy of Kashiwa City is missing.")
    return f"{len(there)} 発注者, 新規 {len(answer.added_orderer_ids)}"


async def register_organizations(stage: Stage) -> str:
    """The operator registers a guarantee company and a contractor, both invented."""
    stage.guarantor = await _guarantor(stage.operator, stage.options.guarantor)
    stage.company = await _create(
        stage.operator,
        Organization(
            kind=OrganizationKind.ORGANIZATION_KIND_CONTRACTOR,
            name=_CONTRACTOR,
            kana="じつえんたかさきよしだぐみ",
            address="千葉県柏市見本町一丁目2番3号",
            representative="代表取締役　髙﨑 葛󠄁男",
            telephone="00-0000-0001",
        ),
    )
    return f"{stage.guarantor.name}, {stage.company.name}"


async def register_people(stage: Stage) -> None:
    """The operator makes accounts; each owner signs in and changes the first password."""
    suffix = secrets.token_hex(4)
    company, guarantor = stage.company.organization_id, stage.guarantor.organization_id
    rows = (
        (company, f"jitsuen-{suffix}", "𠮷田 みほん", "工事部長", user_pb2.Role.ROLE_CONTRACTOR),
        (guarantor, f"shinsa-{suffix}", "審査 花子", "審査課主任", user_pb2.Role.ROLE_UNDERWRITER),
        (guarantor, f"shonin-{suffix}", "承認 太郎", "審査課長", user_pb2.Role.ROLE_APPROVER),
    )
    desks = []
    for organization_id, login_name, name, title, role in rows:
        user = user_pb2.User(
            organization_id=organization_id, login_name=login_name, name=name, title=title, roles=[role]
        )
        desks.append(await _person(stage, user))
    stage.contractor, stage.underwriter, stage.approver = desks


async def sign_out(stage: Stage) -> None:
    """Everybody signs out."""
    for desk in (stage.operator, stage.contractor, stage.underwriter, stage.approver):
        await desk.sign_out()


async def _person(stage: Stage, user: user_pb2.User) -> Desk:
    initial, chosen = memorable_password(), memorable_password()
    request = directory.CreateUserRequest(request_id=fresh_id(), user=user, initial_password=initial)
    await stage.operator.ask(stage.operator.directory.CreateUser, request)
    desk = await stage.anyone.signed_in(Credentials(user.login_name, initial))
    await desk.ask(
        desk.sessions.ChangePassword,
        sessions.ChangePasswordRequest(old_password=initial, new_password=chosen),
    )
    await desk.sign_out()
    return await stage.anyone.signed_in(Credentials(user.login_name, chosen))


async def _guarantor(operator: Desk, name: str) -> Organization:
    """Find the guarantor, of the samples or of an earlier run, else make it with a code that nobody has."""
    present = await _guarantors(operator)
    for organization in present:
        if organization.name == name and not organization.disabled:
            return organization
    taken = {organization.guarantor_code for organization in present}
    code = next((code for code in _CODES if code not in taken), None)
    if code is None:
        raise failed("保証会社の番号（1〜99）に空きがありません。", "No guarantor's code (1 to 99) is free.")
    wanted = Organization(
        kind=OrganizationKind.ORGANIZATION_KIND_GUARANTOR,
        name=name,
        kana="じつえんみほんほしょう",
        address="東京都架空区見本町九丁目9番9号",
        representative="代表取締役社長　実演 見本",
        telephone="00-0000-0099",
        guarantor_kind=GuarantorKind.GUARANTOR_KIND_GUARANTEE_COMPANY,
        guarantor_code=code,
        branches=[Branch(name="千葉支店", telephone="00-0000-0098", address="千葉県架空市見本町1番1号")],
        terms_reference_performance=f"{name} 公共工事契約保証約款（見本）",
        terms_reference_prepayment=f"{name} 前払金保証約款（見本）",
    )
    return await _create(operator, wanted)


async def _guarantors(operator: Desk) -> list[Organization]:
    found: list[Organization] = []
    request = directory.ListOrganizationsRequest(
        kind=OrganizationKind.ORGANIZATION_KIND_GUARANTOR, page_size=_PAGE
    )
    while True:
        page = await operator.ask(operator.directory.ListOrganizations, request)
        found.extend(page.organizations)
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


async def _create(operator: Desk, organization: Organization) -> Organization:
    request = directory.CreateOrganizationRequest(request_id=fresh_id(), organization=organization)
    return (await operator.ask(operator.directory.CreateOrganization, request)).organization
