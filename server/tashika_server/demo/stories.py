"""The life of a sample: what each side does with it, step by step on its day, until where it stands today."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from tashika_formats.key import make_key
from tashika_server.application.caller import Caller
from tashika_server.application.use_cases import UseCases
from tashika_server.demo.applications import application, rounded_amount
from tashika_server.demo.cast import Cast, Party
from tashika_server.demo.sample_pdf import sample_pdf
from tashika_server.demo.samples.passages import REFUSALS, REMARKS
from tashika_server.demo.samples.plans import CasePlan, GuaranteePlan, Outcome
from tashika_server.demo.timetable import Timetable
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.model import (
    Application,
    Contract,
    ContractState,
    FeeEntryKind,
    Product,
    Remark,
    Role,
)
from tashika_server.domain.policy import Channel
from tashika_server.domain.reasons import RefusedError

# Certificates that are rendered at once: enough for the workers, below what the pool lets wait.
_ISSUING_AT_ONCE = 8
# Now and then a fee is agreed below the tariff, and now and then somebody pays the bank's charge on top.
_REDUCED_SHARE = 0.06
_REDUCED_PERCENT = 90
_OVERPAID_SHARE = 0.05
_OVERPAID_YEN = (330, 440, 880)
_RECEIPT_SHARE = 0.6
_REQUESTED_SHARE = 0.8
_GIVEN_BACK_SHARE = 0.08

_HANDED_IN_SHARE = 0.85
_OPENED_SHARE = 0.75
_WRONG_KEY_SHARE = 0.1
_TIMES_OPENED = (1, 1, 1, 2, 3)
_KEY_BYTES = 12
# Addresses that are kept for documentation (RFC 5737).
_CITY_PEER = "203.0.113.{}"


Finished = Callable[[Contract, GuaranteePlan], None]
"""Called with each sample contract that has come to where it stands today."""


class Hour(Enum):
    """When on its day a step is taken, in Japan."""

    WORKS = time(8, 40)
    DRAFT = time(9, 5)
    ATTACH = time(9, 20)
    SUBMIT = time(9, 35)
    RETURN = time(10, 10)
    CORRECT = time(10, 40)
    ACCEPT = time(11, 15)
    APPROVE = time(13, 10)
    PAY = time(14, 20)
    RECEIPT = time(14, 50)
    ISSUE = time(15, 5)
    HAND_IN = time(15, 40)
    OPEN = time(16, 30)
    REQUEST = time(16, 50)
    REQUEST_AGAIN = time(17, 10)

    def on(self, day: date) -> datetime:
        """Give the moment."""
        return datetime.combine(day, self.value, JAPAN).astimezone(UTC)


class Teller:
    """Tells the stories of cases."""

    def __init__(self, use_cases: UseCases, cast: Cast, timetable: Timetable) -> None:
        self._use_cases = use_cases
        self._cast = cast
        self._timetable = timetable
        self._rendering = asyncio.Semaphore(_ISSUING_AT_ONCE)

    async def tell(self, case: CasePlan, finished: Finished) -> None:
        """Take a case from its first step to where it stands today; call `finished` for each guarantee."""
        contractor = self._cast.contractors[case.contractor]
        caller = contractor.caller(Role.CONTRACTOR)
        first = case.guarantees[0]
        signed = first.day >= case.signing
        works = await self._use_cases.works.create(caller, case.signed if signed else case.unsigned, None)
        for plan in case.guarantees:
            if not signed and plan.day >= case.signing:
                await self._timetable.until(Hour.WORKS.on(plan.day))
                works = await self._use_cases.works.update(caller, works.works_id, case.signed, None, None)
                signed = True
            guarantor = self._cast.guarantors[case.guarantor]
            asked = application(case, plan, works.works_id, self._cast.contractors, guarantor)
            contract = await _Telling(self, plan, caller, guarantor).tell(asked)
            finished(contract, plan)

    async def until(self, hour: Hour, day: date) -> None:
        """Wait for an hour of a day."""
        await self._timetable.until(hour.on(day))

    @property
    def use_cases(self) -> UseCases:
        """The register's use cases."""
        return self._use_cases

    @property
    def rendering(self) -> asyncio.Semaphore:
        """Held while a certificate is rendered."""
        return self._rendering


class _Telling:
    """The story of one guarantee contract."""

    def __init__(self, teller: Teller, plan: GuaranteePlan, contractor: Caller, guarantor: Party) -> None:
        self._teller = teller
        self._use_cases = teller.use_cases
        self._plan = plan
        self._chance = random.Random(plan.seed + 1)  # noqa: S311 - invented data, no secrets
        self._contractor = contractor
        self._underwriter = guarantor.caller(Role.UNDERWRITER)
        self._underwriter_name = next(
            account.person.name for account in guarantor.accounts if Role.UNDERWRITER in account.person.roles
        )
        self._approver = guarantor.caller(Role.APPROVER)

    async def tell(self, asked: Application) -> Contract:
        outcome = self._plan.outcome
        contract = await self._apply(asked)
        if outcome is Outcome.DRAFT:
            return contract
        contract = await self._submit(contract)
        if outcome is Outcome.SUBMITTED:
            return contract
        if outcome is Outcome.RETURNED or self._plan.corrected:
            contract = await self._return(contract)
            if outcome is Outcome.RETURNED:
                return contract
            contract = await self._correct(contract)
        if outcome is Outcome.WITHDRAWN:
            await self._wait(Hour.ACCEPT)
            return await self._use_cases.drafts.withdraw(self._contractor, contract.contract_id, None, None)
        if outcome is Outcome.REFUSED:
            await self._wait(Hour.ACCEPT)
            text = self._chance.choice(REFUSALS)
            return await self._use_cases.underwriting.refuse(
                self._underwriter, contract.contract_id, text, None, None
            )
        contract = await self._accept(contract)
        if outcome in (Outcome.PENDING_APPROVAL, Outcome.ACCEPTED, Outcome.LAPSED):
            return contract
        contract = await self._pay(contract)
        return await (self._issue_on_paper(contract) if outcome.paper else self._issue(contract))

    async def _wait(self, hour: Hour) -> None:
        await self._teller.until(hour, self._plan.day)

    async def _apply(self, asked: Application) -> Contract:
        await self._wait(Hour.DRAFT)
        drafts = self._use_cases.drafts
        quote = await drafts.quote(self._contractor, asked)
        amount = rounded_amount(
            self._plan.product, quote.minimum_yen, quote.maximum_yen, quote.round_down_to_yen
        )
        contract = await drafts.create(self._contractor, replace(asked, amount_yen=amount), None)
        if not self._plan.attached:
            return contract
        await self._wait(Hour.ATTACH)
        return await self._use_cases.attachments.attach(
            self._contractor,
            *(contract.contract_id, "工事請負契約書（写し）.pdf", ""),
            *(_chunks(sample_pdf("works contract")), None, None),
        )

    async def _submit(self, contract: Contract) -> Contract:
        await self._wait(Hour.SUBMIT)
        return await self._use_cases.drafts.submit(self._contractor, contract.contract_id, None, None)

    async def _return(self, contract: Contract) -> Contract:
        await self._wait(Hour.RETURN)
        usable = REMARKS if self._plan.product is Product.PREPAYMENT else REMARKS[:-1]
        field, text = self._chance.choice(usable)
        remarks = (Remark(f"application.{field}", text),)
        return await self._use_cases.underwriting.return_(
            self._underwriter, contract.contract_id, remarks, None, None
        )

    async def _correct(self, contract: Contract) -> Contract:
        await self._wait(Hour.CORRECT)
        drafts, contract_id = self._use_cases.drafts, contract.contract_id
        await drafts.update(self._contractor, contract_id, contract.application, None, None)
        return await drafts.submit(self._contractor, contract_id, None, None)

    async def _accept(self, contract: Contract) -> Contract:
        await self._wait(Hour.ACCEPT)
        underwriting, contract_id = self._use_cases.underwriting, contract.contract_id
        fee, note = await self._fee(contract_id)
        contract = await underwriting.accept(self._underwriter, contract_id, None, fee, None, None, note)
        pending = contract.state is ContractState.PENDING_APPROVAL
        if not pending or self._plan.outcome is Outcome.PENDING_APPROVAL:
            return contract
        await self._wait(Hour.APPROVE)
        return await underwriting.approve(self._approver, contract_id, None, None)

    async def _fee(self, contract_id: str) -> tuple[int, str]:
        """Give the fee by the tariff, or a lower one with its reason."""
        proposed = await self._use_cases.tariffs.quote(self._underwriter, contract_id, None)
        assert proposed is not None
        if self._chance.random() >= _REDUCED_SHARE:
            return proposed.fee_yen, ""
        return proposed.fee_yen * _REDUCED_PERCENT // 100, "継続取引につき協議のうえ減額（見本）"

    async def _pay(self, contract: Contract) -> Contract:
        if contract.monthly_payer:
            return contract
        await self._wait(Hour.PAY)
        over_yen = self._chance.choice(_OVERPAID_YEN) if self._chance.random() < _OVERPAID_SHARE else 0
        paid_yen = (contract.fee_yen or 0) + over_yen
        contract = await self._use_cases.underwriting.record_fee(
            self._underwriter,
            *(contract.contract_id, FeeEntryKind.PAYMENT, paid_yen, self._plan.day),
            *("振込", None, None),
        )
        if self._chance.random() >= _RECEIPT_SHARE:
            return contract
        await self._wait(Hour.RECEIPT)
        return await self._use_cases.fees.record_receipt(
            self._underwriter,
            *(contract.contract_id, self._plan.day, self._underwriter_name, "", None, None),
        )

    async def _issue_on_paper(self, contract: Contract) -> Contract:
        await self._wait(Hour.ISSUE)
        reference = f"見本第{self._chance.randint(1, 99_999):05d}号"
        return await self._use_cases.underwriting.record_paper_issue(
            self._underwriter, contract.contract_id, self._plan.day, reference, None, None
        )

    async def _issue(self, contract: Contract) -> Contract:
        await self._wait(Hour.ISSUE)
        contract_id = contract.contract_id
        async with self._teller.rendering:
            contract = (
                await self._use_cases.issuing.issue(self._underwriter, contract_id, None, None)
            ).contract
        if self._chance.random() >= _HANDED_IN_SHARE:
            return contract
        await self._wait(Hour.HAND_IN)
        keys = self._use_cases.keys
        revealed = await keys.reveal(self._contractor, contract_id)
        contract = await keys.record_hand_in(
            self._contractor,
            *(contract_id, 0, _channel(revealed.advice.channel), "", None, None, None),
        )
        if self._chance.random() < _OPENED_SHARE:
            await self._wait(Hour.OPEN)
            await self._open(contract.number, revealed.key)
        if self._plan.product is Product.PREPAYMENT and self._chance.random() < _REQUESTED_SHARE:
            contract = await self._request_advance(contract)
        return contract

    async def _request_advance(self, contract: Contract) -> Contract:
        """The advance is asked for; now and then the city gives the request back for a fault in it."""
        await self._wait(Hour.REQUEST)
        advances, contract_id = self._use_cases.advances, contract.contract_id
        request = (self._contractor, contract_id, self._plan.day, None, "", None, None)
        contract = await advances.record(*request)
        if self._chance.random() >= _GIVEN_BACK_SHARE:
            return contract
        await self._wait(Hour.REQUEST_AGAIN)
        await advances.withdraw(self._contractor, contract_id, "押印漏れのため差し戻されました。", None, None)
        return await advances.record(*request)

    async def _open(self, number: str, key: str) -> None:
        """The city opens with number and key; now and then somebody takes the key of another contract."""
        peer = _CITY_PEER.format(self._chance.randint(1, 254))
        if self._chance.random() < _WRONG_KEY_SHARE:
            wrong = make_key(self._chance.randbytes(_KEY_BYTES))
            with contextlib.suppress(RefusedError):
                await self._use_cases.opening.open(number, wrong, peer)
        for _ in range(self._chance.choice(_TIMES_OPENED)):
            await self._use_cases.opening.open(number, key, peer)
        await self._use_cases.notices.tell_waiting()


def _channel(advised: str) -> Channel:
    """A way that was taken, which an orderer's "mail or fax" and "ask" leave open."""
    channel = Channel(advised)
    return Channel.MAIL if channel in (Channel.UNSPECIFIED, Channel.MAIL_OR_FAX) else channel


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data


def first_moment(case: CasePlan) -> datetime:
    """Give when a case begins."""
    return Hour.WORKS.on(case.guarantees[0].day)


def opening_day(today: date, oldest_days: int) -> datetime:
    """Give when the samples begin: early on the first of their days."""
    return datetime.combine(today - timedelta(days=oldest_days), time(6), JAPAN).astimezone(UTC)
