"""The simulation's tariffs, receipts, months and sheets."""

import hashlib
from dataclasses import replace
from datetime import date

from tashika_tui.client import records
from tashika_tui.client.fake import months, tariffs
from tashika_tui.client.fake.entry import APPROVER, GUARANTOR, PARTIES, FakeCalls
from tashika_tui.client.fake.lifecycle import awaiting_payment, require, reviewed
from tashika_tui.client.fake.lists import of_sequence, page_of
from tashika_tui.client.fake.papers import small_pdf
from tashika_tui.client.fake.refusals import Violation, refuse, refuse_all
from tashika_tui.client.fake.world import Person


class FakeFees(FakeCalls):
    """The port's `Fees`."""

    async def get_tariff(self) -> records.Tariff:
        """The tariff of the caller's guarantor, without versions where none was set."""
        return await self._read("GetTariff", GUARANTOR, self._tariff)

    async def set_tariff(
        self, table: records.TariffTable, *, request_id: str, etag: str = ""
    ) -> records.Tariff:
        """Adds a version of the tariff, from its day on; of `etag` as it was read."""

        def act(person: Person) -> records.Tariff:
            refuse_all(tariffs.table_faults(table))
            present = self._tariff(person)
            if etag and etag != present.etag:
                raise refuse("ETAG_MISMATCH", "etag")
            world = self.world
            changed = tariffs.with_version(present, table, person.user_id, world.now, world.today)
            world.revision += 1
            world.tariffs[person.organization_id] = replace(changed, etag=f"e{world.revision}")
            return self._tariff(person)

        return await self._change("SetTariff", APPROVER, request_id, (table, etag), act)

    async def quote_fee(self, contract_id: str, amount_yen: int | None = None) -> records.FeeBasis | None:
        """The fee by today's tariff for what was applied for, or for another amount."""

        def act(person: Person) -> records.FeeBasis | None:
            asked = self._seen(person, contract_id).application
            amount = asked.amount_yen if amount_yen is None else amount_yen
            version = tariffs.on_day(self._tariff(person), self.world.today)
            return tariffs.propose(version, asked.product, amount)

        return await self._read("QuoteFee", GUARANTOR, act)

    async def list_monthly_payers(self, page: records.PageRequest) -> records.Page[records.MonthlyPayer]:
        """A page of what the caller's guarantor agreed about monthly payment, the oldest first."""

        def act(person: Person) -> records.Page[records.MonthlyPayer]:
            keyed = [
                ((str(each.since), each.organization_id), each)
                for (guarantor_id, _), each in self.world.payers.items()
                if guarantor_id == person.organization_id
            ]
            return page_of(page, None, None, of_sequence(keyed), (len(keyed), True))

        return await self._read("ListMonthlyPayers", GUARANTOR, act)

    async def set_monthly_payer(
        self,
        organization_id: str,
        *,
        active: bool,
        due_day: int,
        request_id: str,
        note: str = "",
        etag: str = "",
    ) -> records.MonthlyPayer:
        """Notes what was agreed with a contractor that has applied here."""

        def act(person: Person) -> records.MonthlyPayer:
            world, pair = self.world, (person.organization_id, organization_id)
            if not 1 <= due_day <= months.LAST_OF_MONTH:
                raise refuse("AMOUNT_TOO_LARGE", "due_day", maximum=months.LAST_OF_MONTH)
            self._contractor(person, organization_id)
            present = world.payers.get(pair)
            if etag and (present is None or present.etag != etag):
                raise refuse("ETAG_MISMATCH", "etag")
            world.revision += 1
            name = world.companies[organization_id].name
            world.payers[pair] = records.MonthlyPayer(
                organization_id, name, active, due_day, world.today, note, f"e{world.revision}"
            )
            return world.payers[pair]

        request = (organization_id, active, due_day, note, etag)
        return await self._change("SetMonthlyPayer", APPROVER, request_id, request, act)

    async def record_receipt_sent(
        self, contract: records.Known, day: date, officer: str, *, request_id: str, note: str = ""
    ) -> records.Contract:
        """Records, once, that the paper receipt was sent."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            if not officer.strip():
                raise refuse("FIELD_REQUIRED", "officer")
            require(present, "RECORD_RECEIPT")
            _may_send_receipt(present, day, self.world.today)
            receipt = records.ReceiptSent(day, officer, note, self.world.now)
            return self.world.save(replace(present, receipt_sent=receipt), "contract.record_receipt")

        request = (contract.contract_id, contract.etag, day, officer, note)
        return await self._change("RecordReceiptSent", GUARANTOR, request_id, request, act)

    async def record_monthly_payment(
        self, organization_id: str, amount_yen: int, day: date, *, request_id: str, note: str = ""
    ) -> tuple[records.MonthlyPaymentShare, ...]:
        """Books what came in in one sum: what is due first is paid first."""

        def act(person: Person) -> tuple[records.MonthlyPaymentShare, ...]:
            faults = []
            if amount_yen <= 0:
                faults.append(Violation("AMOUNT_NOT_POSITIVE", "amount_yen"))
            if day > self.world.today:
                faults.append(Violation("DATE_IN_FUTURE", "day", {"latest": self.world.today}))
            refuse_all(faults)
            self._contractor(person, organization_id)
            months.agreement(self.world, person.organization_id, organization_id)
            return self._shared(person, organization_id, amount_yen, day, note)

        request = (organization_id, amount_yen, day, note)
        return await self._change("RecordMonthlyPayment", GUARANTOR, request_id, request, act)

    async def get_fee_statement(self, organization_id: str, year: int, month: int) -> records.FeeStatement:
        """A month with the other party."""
        return await self._read(
            "GetFeeStatement", PARTIES, lambda person: self._statement(person, organization_id, year, month)
        )

    async def download_fee_statement(self, organization_id: str, year: int, month: int) -> records.File:
        """The same as a PDF (一括納付明細書)."""

        def act(person: Person) -> records.File:
            found = self._statement(person, organization_id, year, month)
            text = f"{found.guarantor_id} {found.organization_id} {found.closing_yen}"
            return paper(f"fee-statement-{year:04d}-{month:02d}.pdf", text)

        return await self._read("DownloadFeeStatement", PARTIES, act)

    async def download_fee_sheet(self, contract_id: str) -> records.File:
        """How the fee was worked out, and what was paid (保証料計算書), as a PDF."""

        def act(person: Person) -> records.File:
            contract = self._seen(person, contract_id)
            if contract.fee_yen is None or contract.state == "PENDING_APPROVAL":
                raise refuse("FEE_NOT_TOLD", state=contract.state)
            return paper(
                f"{contract.contract_number}-fee-sheet.pdf",
                f"{contract.contract_number} {contract.fee_yen} {len(contract.ledger)}",
            )

        return await self._read("DownloadFeeSheet", PARTIES, act)

    def _tariff(self, person: Person) -> records.Tariff:
        kept = self.world.tariffs.get(person.organization_id, records.Tariff(person.organization_id))
        return tariffs.as_of(kept, self.world.today)

    def _contractor(self, person: Person, organization_id: str) -> None:
        """Refuses a contractor that never applied to the person's guarantor."""
        applied = any(
            each.organization_id == organization_id and each.guarantor_id == person.organization_id
            for each in self.world.contracts.values()
            if each.contract_number
        )
        if organization_id not in self.world.companies or not applied:
            raise refuse("NOT_FOUND", "organization_id", resource="organization")

    def _statement(self, person: Person, organization_id: str, year: int, month: int) -> records.FeeStatement:
        if person.kind == "GUARANTOR":
            self._contractor(person, organization_id)
            return months.statement(self.world, person.organization_id, organization_id, year, month)
        if organization_id not in self.world.guarantors:
            raise refuse("NOT_FOUND", "organization_id", resource="guarantor")
        return months.statement(self.world, organization_id, person.organization_id, year, month)

    def _shared(
        self, person: Person, organization_id: str, amount_yen: int, day: date, note: str
    ) -> tuple[records.MonthlyPaymentShare, ...]:
        world, left = self.world, amount_yen
        shares = []
        for contract in _owed(self, person.organization_id, organization_id):
            part = min(left, contract.balance_yen)
            if part:
                shares.append((contract, part))
            left -= part
        if left:
            raise refuse("AMOUNT_TOO_LARGE", "amount_yen", maximum_yen=amount_yen - left)
        for contract, part in shares:
            row = records.FeeEntry(world.new_id("fee"), "PAYMENT", part, day, world.now, person.user_id, note)
            booked = reviewed(replace(contract, ledger=(*contract.ledger, row)))
            if booked.state == "ACCEPTED":
                booked = awaiting_payment(world, booked)
            world.save(booked, "contract.record_monthly_payment")
        return tuple(
            records.MonthlyPaymentShare(contract.contract_id, contract.contract_number, part)
            for contract, part in shares
        )


def paper(name: str, text: str) -> records.File:
    """A small PDF for what a register would render."""
    content = small_pdf(text)
    return records.File(name, "application/pdf", hashlib.sha256(content).hexdigest(), content)


def _owed(calls: FakeCalls, guarantor_id: str, organization_id: str) -> list[records.Contract]:
    """What the contractor owes, what is due first at the front."""
    found = [
        contract
        for contract in list(calls.world.contracts.values())
        if (contract.guarantor_id, contract.organization_id) == (guarantor_id, organization_id)
        and contract.balance_yen > 0
        and contract.fee_due_date is not None
        and calls.world.state_today(contract) != "LAPSED"
    ]
    return sorted(found, key=lambda each: (each.fee_due_date or date.max, each.contract_id))


def _may_send_receipt(contract: records.Contract, day: date, today: date) -> None:
    if contract.receipt_sent is not None:
        raise refuse("RECEIPT_ALREADY_SENT", sent_on=contract.receipt_sent.day)
    received = sum({"PAYMENT": 1, "REFUND": -1}.get(e.kind, 0) * e.amount_yen for e in contract.ledger)
    if received <= 0:
        raise refuse("RECEIPT_WITHOUT_PAYMENT")
    first = min(entry.day or today for entry in contract.ledger if entry.kind == "PAYMENT")
    if day > today:
        raise refuse("DATE_IN_FUTURE", "day", latest=today)
    if day < first:
        raise refuse("DATE_OUT_OF_RANGE", "day", earliest=first, latest=today)
