"""The simulation's requests for the advance."""

from dataclasses import replace
from datetime import date, timedelta

from tashika_tui.client import records
from tashika_tui.client.fake.entry import CONTRACTOR, FakeCalls
from tashika_tui.client.fake.fees import paper
from tashika_tui.client.fake.handing_in import advice_for
from tashika_tui.client.fake.lifecycle import require
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.world import Person

_ADVANCES = ("PREPAYMENT", "MIDTERM_PREPAYMENT")


class FakeAdvances(FakeCalls):
    """The port's `Advances`."""

    async def get_advance_terms(self, contract_id: str) -> records.AdvanceTerms:
        """What the request for the advance says, and what goes with it."""

        def act(person: Person) -> records.AdvanceTerms:
            contract = self._seen(person, contract_id)
            _may_ask(contract)
            return self._terms(contract)

        return await self._read("GetAdvanceTerms", CONTRACTOR, act)

    async def download_advance_request(
        self, contract_id: str, contract_date: date | None = None, *, copy: bool = False
    ) -> records.File:
        """The request (前払金請求書) of today as a PDF; `copy`: of the one that was handed in."""

        def act(person: Person) -> records.File:
            contract = self._seen(person, contract_id)
            present = open_request(contract)
            if copy and present is None:
                raise refuse("ADVANCE_NOT_REQUESTED", state=contract.state)
            if not copy:
                _may_request(contract)
                self._signed(contract, contract_date)
            day = present.day if copy and present is not None else self.world.today
            ending = "-copy" if copy else ""
            return paper(
                f"{contract.contract_number}-advance-request{ending}.pdf", f"{contract.contract_number} {day}"
            )

        return await self._read("DownloadAdvanceRequest", CONTRACTOR, act)

    async def record_advance_request(
        self,
        contract: records.Known,
        day: date,
        *,
        request_id: str,
        contract_date: date | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the request was handed in; only one counts at a time."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            _may_request(present)
            signed = self._signed(present, contract_date)
            self._may_be_on(present, day, signed)
            terms = self._terms(present)
            within = terms.pay_within_days
            asked = records.AdvanceRequest(
                day=day,
                amount_yen=terms.amount_yen,
                contract_date=signed,
                expected_payment_date=None if within is None else day + timedelta(days=within),
                note=note,
                record_time=self.world.now,
            )
            changed = replace(present, advance_requests=(*present.advance_requests, asked))
            return self.world.save(changed, "contract.request_advance")

        request = (contract.contract_id, contract.etag, day, contract_date, note)
        return await self._change("RecordAdvanceRequest", CONTRACTOR, request_id, request, act)

    async def withdraw_advance_request(
        self, contract: records.Known, withdrawal: str, *, request_id: str
    ) -> records.Contract:
        """Records that the request does not count any more, and why."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            asked = open_request(present)
            if not withdrawal.strip():
                raise refuse("FIELD_REQUIRED", "withdrawal")
            if asked is None:
                raise refuse("ADVANCE_NOT_REQUESTED", state=present.state)
            require(present, "WITHDRAW_ADVANCE_REQUEST")
            given_up = replace(asked, withdraw_time=self.world.now, withdrawal=withdrawal)
            kept = tuple(given_up if each is asked else each for each in present.advance_requests)
            return self.world.save(
                replace(present, advance_requests=kept), "contract.withdraw_advance_request"
            )

        request = (contract.contract_id, contract.etag, withdrawal)
        return await self._change("WithdrawAdvanceRequest", CONTRACTOR, request_id, request, act)

    def _terms(self, contract: records.Contract) -> records.AdvanceTerms:
        held = contract.terms or contract.application
        works = held.works or records.Works()
        orderer, _ = self.world.orderers[works.orderer_id]
        policy = orderer.latest
        own = next((each for each in policy.sections if each.name == works.section), None) if policy else None
        advice = advice_for(self.world, contract)
        within = policy.payment_within_days if policy is not None else None
        today = self.world.today
        assert held.depositary is not None
        return records.AdvanceTerms(
            addressee=(own.addressee if own is not None else "") or (policy.addressee if policy else ""),
            amount_yen=held.amount_yen or 0,
            account=held.depositary,
            contract_date=works.contract_date,
            other_documents=advice.other_documents if advice is not None else (),
            pay_within_days=within,
            expected_payment_date=None if within is None else today + timedelta(days=within),
            electronic=held.form != "PAPER",
        )

    def _signed(self, contract: records.Contract, given: date | None) -> date:
        """The date of the works contract, which must be given where the terms don't know it."""
        works = (contract.terms or contract.application).works or records.Works()
        known = works.contract_date
        if known is not None and given not in (None, known):
            raise refuse("FIELD_NOT_ALLOWED", "contract_date", contract_date=known)
        signed = known or given
        if signed is None:
            raise refuse("FIELD_REQUIRED", "contract_date")
        if signed > self.world.today:
            raise refuse("DATE_IN_FUTURE", "contract_date", latest=self.world.today)
        return signed

    def _may_be_on(self, contract: records.Contract, day: date, signed: date) -> None:
        today = self.world.today
        if day > today:
            raise refuse("DATE_IN_FUTURE", "day", latest=today)
        issued = contract.steps.issue_time
        earliest = max(signed, self.world.day_of(issued)) if issued is not None else signed
        if day < earliest:
            raise refuse("DATE_OUT_OF_RANGE", "day", earliest=earliest, latest=today)


def open_request(contract: records.Contract) -> records.AdvanceRequest | None:
    """The request that was handed in and not withdrawn."""
    return next((each for each in contract.advance_requests if each.withdraw_time is None), None)


def _may_ask(contract: records.Contract) -> None:
    product = (contract.terms or contract.application).product
    if product not in _ADVANCES:
        raise refuse("ADVANCE_NOT_FOR_PRODUCT", product=product)
    require(contract, "REQUEST_ADVANCE")


def _may_request(contract: records.Contract) -> None:
    _may_ask(contract)
    present = open_request(contract)
    if present is not None:
        raise refuse("ADVANCE_ALREADY_REQUESTED", requested_on=present.day)
