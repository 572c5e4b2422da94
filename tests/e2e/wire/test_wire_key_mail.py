"""The mail that hands a key in, over the wire and through a real mail server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tashika.v1 import contract_pb2, hand_in_pb2, key_service_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tests.support.client import fresh
from tests.support.mail_server import Act, MailServer, Stage, mail_server
from tests.support.people import World, make_world
from tests.support.play import Play
from tests.support.refusals import refused
from tests.support.server import NO_POST, running_server

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-key-mail")]

SECONDS = 30.0
"""A test that waits longer has found a fault."""

POLICY_ADDRESS = "keiyaku@city.hinokawa.example.jp"
BOUNCING = "gone@city.hinokawa.example.jp"


@dataclass
class Posting:
    """A register with its mail server."""

    world: World
    post: MailServer

    @property
    def play(self) -> Play:
        """The contractor and the guarantor."""
        return Play(self.world)

    async def until(self, contract: contract_pb2.Contract, kind: hand_in_pb2.FactKind) -> hand_in_pb2.Fact:
        """The last fact of a contract, once it is of that kind: the mail goes a moment later."""
        request = contracts.GetContractRequest(contract_id=contract.contract_id)
        async with asyncio.timeout(SECONDS):
            while True:
                seen = (await self.world.contractor.contracts.GetContract(request)).contract
                last: hand_in_pb2.Fact | None = seen.facts[-1] if seen.facts else None
                if last is not None and last.kind == kind:
                    return last
                await asyncio.sleep(0.05)

    async def confirm(
        self, contract: contract_pb2.Contract, to: str = ""
    ) -> key_service_pb2.HandInByMailResponse:
        """Look at the mail, and let it go."""
        shown = await self.play.mail(contract, to)
        request = key_service_pb2.HandInByMailRequest(
            request_id=fresh(),
            contract_id=contract.contract_id,
            etag=contract.etag,
            to=to,
            confirmation=shown.confirmation,
        )
        answer: key_service_pb2.HandInByMailResponse = await self.world.contractor.keys.HandInByMail(request)
        return answer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def posting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Posting]:
    """A register that mails; one address bounces."""

    def plan(stage: Stage, receiver: str) -> Act:
        return Act.NEVER if stage is Stage.RCPT and receiver == BOUNCING else Act.OK

    folder = tmp_path_factory.mktemp("posting")
    async with mail_server(plan=plan) as post:
        settings = NO_POST | {"smtp_port": str(post.port)}
        async with running_server(folder, **settings) as running:
            made = Posting(await make_world(running), post)
            yield made
            assert not running.faults


async def test_a_mail_is_shown_without_the_key_and_nothing_happens(posting: Posting) -> None:
    opened = await posting.play.mailable()
    before = await posting.world.running.revision()
    shown = await posting.play.mail(opened.contract)
    assert (shown.to, shown.policy_to, shown.section) == (POLICY_ADDRESS, POLICY_ADDRESS, "契約課")
    assert (shown.from_address, shown.reply_to) == (
        "noreply@register.example.jp",
        "hanako@takasaki.example.jp",
    )
    assert opened.key not in str(shown)
    assert opened.number in shown.text_before_key and len(shown.confirmation) == 64
    assert await posting.world.running.revision() == before
    assert posting.post.of(POLICY_ADDRESS) == []


async def test_what_was_confirmed_arrives_and_then_the_key_is_handed_in(posting: Posting) -> None:
    opened = await posting.play.mailable()
    shown = await posting.play.mail(opened.contract)
    answer = await posting.confirm(opened.contract)
    assert answer.contract.facts[-1].kind == hand_in_pb2.FACT_KIND_MAIL_CONFIRMED
    assert not answer.contract.steps.HasField("hand_in_time") and not answer.HasField("mail")
    fact = await posting.until(opened.contract, hand_in_pb2.FACT_KIND_HANDED_IN)
    assert (fact.to, fact.channel) == (POLICY_ADDRESS, hand_in_pb2.HAND_IN_CHANNEL_MAIL)
    kept = [each for each in posting.post.of(POLICY_ADDRESS) if opened.number in each.message.get_content()]
    assert len(kept) == 1
    message = kept[0].message
    assert str(message["Subject"]) == shown.subject
    assert kept[0].from_name == shown.from_name
    text = shown.text_before_key + opened.key + shown.text_after_key
    assert message.get_content().replace("\r\n", "\n") == text
    assert (await posting.play.open(opened.number, opened.key)).certificate.contract_number == opened.number
    logged = [line for line in posting.world.running.logs if opened.key in str(line)]
    assert logged == []


async def test_an_address_that_bounces_is_told_of_and_nothing_looks_handed_in(posting: Posting) -> None:
    opened = await posting.play.mailable()
    shown = await posting.play.mail(opened.contract, BOUNCING)
    assert (shown.to, shown.policy_to) == (BOUNCING, POLICY_ADDRESS)
    await posting.confirm(opened.contract, BOUNCING)
    fact = await posting.until(opened.contract, hand_in_pb2.FACT_KIND_MAIL_FAILED)
    assert fact.failure == hand_in_pb2.MAIL_FAILURE_REFUSED and "550" in fact.note
    request = contracts.GetContractRequest(contract_id=opened.contract.contract_id)
    seen = (await posting.world.underwriter.contracts.GetContract(request)).contract
    assert not seen.steps.HasField("hand_in_time")


async def test_a_mail_goes_only_for_who_saw_it(posting: Posting) -> None:
    opened = await posting.play.mailable()
    request = key_service_pb2.HandInByMailRequest(request_id=fresh(), contract_id=opened.contract.contract_id)
    with refused("MAIL_CHANGED"):
        await posting.world.contractor.keys.HandInByMail(request)
    request.validate_only = True
    for person, reason in (("other_contractor", "NOT_FOUND"), ("underwriter", "PERMISSION_DENIED")):
        with refused(reason):
            await posting.world.people[person].keys.HandInByMail(request)
    request.etag = "1-1"
    with refused("ETAG_MISMATCH"):
        await posting.world.contractor.keys.HandInByMail(request)
