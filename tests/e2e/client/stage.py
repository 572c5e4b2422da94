"""One stage for both registers: the real one behind the gateway, and the simulation. The same people stand on it."""

import dataclasses
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tashika_tui.client import records
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.port import Register

if TYPE_CHECKING:
    from tashika_server.application.ports import Clock
    from tashika_server.host.register import Register as HostRegister

PRICE_YEN = 55_000_000
PEOPLE = {
    "contractor": ("company", "CONTRACTOR"),
    "colleague": ("company", "CONTRACTOR"),
    "keiri": ("company", "CONTRACTOR"),
    "other_contractor": ("other_company", "CONTRACTOR"),
    "underwriter": ("guarantor", "UNDERWRITER"),
    "approver": ("guarantor", "APPROVER"),
    "deputy": ("guarantor", "UNDERWRITER APPROVER"),
    "other_underwriter": ("other_guarantor", "UNDERWRITER"),
}


BOUNCING = "gone@city.hinokawa.example.jp"
"""An address that the mail server refuses."""


@dataclass
class Stage:
    """A register with people. `enter` signs somebody in, empty: nobody.

    The real one has an `address`, and what it serves lies behind it as `host`. `post` lets the mail server work: it
    takes every mail but those to `BOUNCING`.
    """

    kind: str
    enter: Callable[[str], Awaitable[Register]]
    today: date
    guarantor_id: str
    address: str = ""
    host: "HostRegister | None" = None
    post: Callable[[], None] = lambda: None
    people: dict[str, Register] = field(default_factory=dict)

    async def as_(self, name: str) -> Register:
        """Somebody's client; always the same one."""
        if name not in self.people:
            self.people[name] = await self.enter(name)
        return self.people[name]

    def works(self, **changes: object) -> records.Works:
        """Works of 柏市 that were signed today."""
        today = self.today
        works = records.Works(
            number="道整第１２号",
            name="市道０１－２３号線道路改良工事",
            place="千葉県柏市あけぼの一丁目地先",
            kind="CONSTRUCTION",
            orderer_id="kashiwa",
            section="道路整備課",
            price_yen=PRICE_YEN,
            notice_date=today - timedelta(days=30),
            expected_contract_date=today,
            contract_date=today,
            initial_contract_date=today,
            period_start=today,
            period_end=today + timedelta(days=120),
        )
        return dataclasses.replace(works, **changes)  # type: ignore[arg-type]

    async def application(self, product: str = "PERFORMANCE", **changes: object) -> records.Application:
        """An application that can be submitted, of new works; what begins with `works_` goes to these."""
        contractor = await self.as_("contractor")
        of_works = {
            name.removeprefix("works_"): changes.pop(name)
            for name in list(changes)
            if name.startswith("works_")
        }
        works = await contractor.create_works(self.works(**of_works), request_id=new_request_id())
        account = records.BankAccount("みずべ銀行", "柏支店", "普通", "1234567", "㈱髙﨑建設")
        application = records.Application(
            guarantor_id=self.guarantor_id,
            branch="千葉支店",
            product=product,
            form="ELECTRONIC",
            works=works,
            amount_yen=PRICE_YEN // 10 if product == "PERFORMANCE" else PRICE_YEN * 4 // 10,
            prepayment_planned=product == "PERFORMANCE",
            period_start=self.today,
            period_end=self.today + timedelta(days=120),
            depositary=account if product == "PREPAYMENT" else None,
            contact=records.Contact("葛󠄀城 花子", "04-7000-0000", "hanako@takasaki.example.jp"),
            notice_mail="keiri@takasaki.example.jp",
        )
        return dataclasses.replace(application, **changes)  # type: ignore[arg-type]

    async def draft(self, product: str = "PERFORMANCE", **changes: object) -> records.Contract:
        """A draft."""
        application = await self.application(product, **changes)
        contractor = await self.as_("contractor")
        return await contractor.create_contract(application, request_id=new_request_id())

    async def submitted(self, product: str = "PERFORMANCE", **changes: object) -> records.Contract:
        """A contract that waits for the guarantor."""
        draft = await self.draft(product, **changes)
        return await (await self.as_("contractor")).submit_contract(draft, request_id=new_request_id())

    async def accepted(self, product: str = "PERFORMANCE", **changes: object) -> records.Contract:
        """A contract that waits for its fee of 123,400 yen."""
        contract = await self.submitted(product, **changes)
        desk = await self.as_("underwriter")
        contract = await desk.accept_contract(contract, 123_400, request_id=new_request_id())
        if contract.state == "PENDING_APPROVAL":
            approver = await self.as_("approver")
            contract = await approver.approve_contract(contract, request_id=new_request_id())
        return contract

    async def paid(self, product: str = "PERFORMANCE", **changes: object) -> records.Contract:
        """A contract that can be issued."""
        contract = await self.accepted(product, **changes)
        desk = await self.as_("underwriter")
        return await desk.record_fee(
            contract, "PAYMENT", contract.balance_yen, self.today, request_id=new_request_id()
        )

    async def issued(self, product: str = "PERFORMANCE", **changes: object) -> records.Contract:
        """A contract in force."""
        desk = await self.as_("underwriter")
        paid = await self.paid(product, **changes)
        return (await desk.issue_certificate(paid, request_id=new_request_id())).contract


@asynccontextmanager
async def simulated(*, mails: bool = False) -> AsyncIterator[Stage]:
    """The simulation, without generated contracts."""
    from tashika_tui.client.fake import FakeRegister, World
    from tashika_tui.client.fake.key_life import waiting_mails
    from tashika_tui.client.fake.mailing import mail_server_refuses, mail_server_takes

    world = World(count=0)
    world.sends_mail = mails

    def post() -> None:
        for contract_id, contract in list(world.contracts.items()):
            for fact in waiting_mails(contract):
                if fact.to == BOUNCING:
                    mail_server_refuses(world, contract_id, "RCPT TO: 550 5.1.1 Never, at RCPT")
                else:
                    mail_server_takes(world, contract_id)

    async def enter(name: str) -> Register:
        return await FakeRegister.signed_in(world, name) if name else FakeRegister(world)

    yield Stage("fake", enter, world.today, next(iter(world.guarantors)), post=post)


@asynccontextmanager
async def real(folder: Path, clock: "Clock | None" = None, *, mails: bool = False) -> AsyncIterator[Stage]:
    """A whole server in this process, with its data in the folder, and gateways to it over its socket. `mails`: it has
    a mail server.
    """
    from tashika_server.config import load_settings
    from tashika_server.host.register import open_register, serving
    from tashika_server.security.passwords import ArgonPasswords, Cost
    from tashika_tui.client.endpoint import parse_endpoint
    from tashika_tui.client.gateway import GrpcGateway
    from tests.e2e.client.founding import found
    from tests.support.mail_server import Act, mail_server
    from tests.support.mail_server import Stage as Moment
    from tests.support.server import NO_POST

    def plan(moment: Moment, receiver: str) -> Act:
        return Act.NEVER if moment is Moment.RCPT and receiver == BOUNCING else Act.OK

    # A socket's path has at most 107 characters, which pytest's own folders may exceed.
    sockets = Path(tempfile.mkdtemp(prefix="tashika-"))
    flags = {"data": str(folder / "data"), "listen": f"unix:{sockets}/s", "demo": "yes"}
    environment = {"TASHIKA_RENDER_WORKERS": "1", "TASHIKA_DRAIN_SECONDS": "0.1"}
    cheap = ArgonPasswords(Cost(passes=1, memory_kib=8, lanes=1))
    try:
        async with AsyncExitStack() as stack:
            if mails:
                server_of_mails = await stack.enter_async_context(mail_server(plan=plan))
                wanted = NO_POST | {"smtp_port": str(server_of_mails.port)}
                environment |= {f"TASHIKA_{name.upper()}": value for name, value in wanted.items()}
            settings = load_settings(flags, environment)
            register = await stack.enter_async_context(open_register(settings, passwords=cheap, clock=clock))
            server, address = await stack.enter_async_context(serving(register))
            stack.push_async_callback(server.drain)
            endpoint = parse_endpoint(address)
            ids, tokens = await found(register, address)

            async def enter(name: str) -> Register:
                gateway = GrpcGateway(endpoint, "ja", tokens.get(name, ""))
                stack.push_async_callback(gateway.close)
                return gateway

            today = (await (await enter("")).server_info()).today or date.min
            yield Stage("gateway", enter, today, ids["guarantor"], address, register)
    finally:
        shutil.rmtree(sockets)


def pdf(remark: bytes = b"works contract") -> bytes:
    """A small PDF with a remark in it."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    body += b"% " + remark + b"\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def other_id(contract_id: str) -> str:
    """An id of the same form that nothing has."""
    return contract_id[:4] + str(uuid.uuid4().int % 10**26).zfill(26)
