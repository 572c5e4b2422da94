"""The simulation's contractor's side before the issue."""

import asyncio
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from tashika_formats.dates import fiscal_year
from tashika_formats.number import make_number
from tashika_tui.client import records
from tashika_tui.client.fake import samples
from tashika_tui.client.fake.entry import CONTRACTOR, FakeCalls
from tashika_tui.client.fake.lifecycle import LIVE, acceptance_undone, require
from tashika_tui.client.fake.refusals import finding, refuse, refuse_all
from tashika_tui.client.fake.rules import Judgement, Judging, malformed, with_defaults
from tashika_tui.client.fake.world import Person
from tashika_tui.problems import LocalError

MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class FakeApplying(FakeCalls):
    """The port's `Applying`."""

    async def quote_contract(self, application: records.Application) -> records.Quote:
        """Judges an application without keeping it."""

        def act(person: Person) -> records.Quote:
            judgement = self._judge(self._snapshot(person, application))
            return records.Quote(
                violations=tuple(finding(each, self._language) for each in judgement.violations),
                cautions=tuple(finding(each, self._language) for each in judgement.cautions),
                minimum_yen=judgement.minimum_yen,
                maximum_yen=judgement.maximum_yen,
                round_down_to_yen=judgement.round_down_to_yen,
                policy_version=1 if application.works is not None else None,
            )

        return await self._read("QuoteContract", CONTRACTOR, act)

    async def create_contract(self, application: records.Application, *, request_id: str) -> records.Contract:
        """Registers a draft; fields may be missing."""

        def act(person: Person) -> records.Contract:
            held = self._snapshot(person, application)
            draft = records.Contract(
                contract_id=self.world.new_id("con"),
                contract_number="",
                state="DRAFT",
                application=held,
                terms=None,
                registrant=records.Registrant(person.name, person.organization, person.title),
                register_time=self.world.now,
                principal=None,
                remarks=(),
                refusal="",
                fee_yen=None,
                pay_by=None,
                monthly_payer=False,
                balance_yen=0,
                version=0,
                facts=(),
                submit_time=None,
                issue_time=None,
                lead_time_seconds=None,
                update_time=self.world.now,
                etag="",
                organization_id=person.organization_id,
                guarantor_id=held.guarantor_id,
            )
            return self.world.save(draft, "contract.create")

        return await self._change("CreateContract", CONTRACTOR, request_id, application, act)

    async def update_contract(
        self, contract: records.Known, application: records.Application, *, request_id: str
    ) -> records.Contract:
        """Replaces the application of a draft or a returned contract."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            require(present, "REVISE")
            held = self._snapshot(person, application)
            if present.contract_number and held.guarantor_id != present.guarantor_id:
                raise refuse("FIELD_NOT_ALLOWED", "application.guarantor_id")
            changed = replace(present, application=held, guarantor_id=held.guarantor_id)
            return self.world.save(changed, "contract.update")

        request = (contract.contract_id, contract.etag, application)
        return await self._change("UpdateContract", CONTRACTOR, request_id, request, act)

    async def delete_draft(self, contract: records.Known, *, request_id: str) -> None:
        """Deletes a draft; what was submitted once can only be withdrawn."""

        def act(person: Person) -> None:
            present = self._own(person, contract)
            require(present, "DELETE")
            self.world.delete(present, "contract.delete_draft")

        request = (contract.contract_id, contract.etag)
        await self._change("DeleteDraft", CONTRACTOR, request_id, request, act)

    async def attach_document(
        self,
        contract: records.Known,
        source: Path | bytes,
        *,
        request_id: str,
        name: str = "",
        progress: records.Progress | None = None,
    ) -> records.Contract:
        """Attaches a PDF of at most 20 MiB, which stands last in the answer's `attachments`."""
        content = await asyncio.to_thread(_read, source)
        given = name or (source.name if isinstance(source, Path) else "")
        sha256 = hashlib.sha256(content).hexdigest()

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            if not given:
                raise refuse("FIELD_REQUIRED", "header.name")
            require(present, "ATTACH")
            if len(content) > MAX_ATTACHMENT_BYTES:
                raise refuse("ATTACHMENT_TOO_LARGE", "chunk", maximum_bytes=MAX_ATTACHMENT_BYTES)
            if not _is_pdf(content):
                raise refuse("ATTACHMENT_NOT_PDF", "chunk")
            self.world.attachments[sha256] = content
            one = records.Attachment(self.world.new_id("att"), given, len(content), sha256, self.world.now)
            changed = replace(present, attachments=(*present.attachments, one))
            return self.world.save(changed, "contract.attach")

        request = (contract.contract_id, contract.etag, given, sha256)
        answer = await self._change("AttachDocument", CONTRACTOR, request_id, request, act)
        if progress is not None:
            for sent in range(_CHUNK_BYTES, len(content) + _CHUNK_BYTES, _CHUNK_BYTES):
                progress(min(sent, len(content)), len(content))
        return answer

    async def submit_contract(
        self, contract: records.Known, *, request_id: str, validate_only: bool = False
    ) -> records.Contract:
        """Submits a draft or a returned contract; with `validate_only` it changes nothing."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            require(present, "SUBMIT")
            application = self._snapshot(person, present.application)
            refuse_all(self._judge(application).violations)
            self._refuse_second(present, application)
            return present if validate_only else self._submitted(person, present, application)

        if validate_only:
            return await self._read("SubmitContract", CONTRACTOR, act)
        request = (contract.contract_id, contract.etag)
        return await self._change("SubmitContract", CONTRACTOR, request_id, request, act)

    async def report_error(
        self, contract: records.Known, remarks: tuple[records.Remark, ...], *, request_id: str
    ) -> records.Contract:
        """Sends an accepted contract back to the guarantor, with remarks."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            check_remarks(remarks)
            require(present, "REPORT_ERROR")
            undone = acceptance_undone(self.world, present, person.user_id)
            return self.world.save(
                replace(undone, state="SUBMITTED", remarks=remarks), "contract.report_error"
            )

        request = (contract.contract_id, contract.etag, remarks)
        return await self._change("ReportError", CONTRACTOR, request_id, request, act)

    async def withdraw_contract(self, contract: records.Known, *, request_id: str) -> records.Contract:
        """Withdraws what is not issued yet."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            require(present, "WITHDRAW")
            undone = acceptance_undone(self.world, present, person.user_id)
            return self.world.save(replace(undone, state="WITHDRAWN"), "contract.withdraw")

        request = (contract.contract_id, contract.etag)
        return await self._change("WithdrawContract", CONTRACTOR, request_id, request, act)

    def _snapshot(self, person: Person, application: records.Application) -> records.Application:
        """The application with the works as they are now; refuses what can't even be kept."""
        if application.guarantor_id and application.guarantor_id not in self.world.guarantors:
            raise refuse("NOT_FOUND", "application.guarantor_id", resource="guarantor")
        works_id = application.works.works_id if application.works is not None else ""
        works = None
        if works_id:
            owner, found = self.world.works.get(works_id, ("", records.Works()))
            if owner != person.organization_id:
                raise refuse("NOT_FOUND", "application.works_id", resource="works")
            works = replace(found, etag="")
        refuse_all(malformed(works, "application.works"))
        return replace(application, works=works)

    def _judge(self, application: records.Application) -> Judgement:
        works = application.works or records.Works()
        orderer, rates = self.world.orderers.get(works.orderer_id, (None, samples.Rates()))
        guarantor = self.world.guarantors.get(application.guarantor_id)
        return Judging(application, orderer, rates, guarantor, self.world.today).judge()

    def _refuse_second(self, contract: records.Contract, application: records.Application) -> None:
        """One live contract for works, product and fiscal year."""
        wanted = _slot(application)
        for other in self.world.contracts.values():
            taken = other.contract_number and self.world.state_today(other) in LIVE
            same = taken and _slot(other.application) == wanted
            if same and other.contract_id != contract.contract_id:
                raise refuse("GUARANTEE_EXISTS", "application.product", contract_number=other.contract_number)

    def _submitted(
        self, person: Person, contract: records.Contract, application: records.Application
    ) -> records.Contract:
        world = self.world
        company = world.companies[person.organization_id]
        first = not contract.contract_number
        if first:
            place = list(world.guarantors).index(application.guarantor_id)
            number = make_number(
                samples.GUARANTOR_CODE + place, fiscal_year(world.today), world.next_sequence()
            )
            registrant = records.Registrant(person.name, person.organization, person.title)
            contract = replace(
                contract, contract_number=number, registrant=registrant, register_time=world.now
            )
        submitted = replace(
            contract,
            state="SUBMITTED",
            application=with_defaults(application),
            guarantor_id=application.guarantor_id,
            principal=records.Principal(
                company.name, company.address, company.representative, company.corporate_number
            ),
            policy_version=1,
            remarks=(),
            submit_time=world.now,
            steps=replace(contract.steps, submit_time=world.now),
        )
        return world.save(submitted, "contract.submit")


def check_remarks(remarks: tuple[records.Remark, ...]) -> None:
    """At least one remark, each with a text."""
    if not remarks:
        raise refuse("FIELD_REQUIRED", "remarks")
    for place, remark in enumerate(remarks):
        if not remark.text.strip():
            raise refuse("FIELD_REQUIRED", f"remarks[{place}].text")


def _slot(application: records.Application) -> tuple[str, str, int | None]:
    works_id = application.works.works_id if application.works is not None else ""
    return works_id, application.product, application.fiscal_year


def _is_pdf(content: bytes) -> bool:
    """Whether bytes begin, end and point to their own table as a PDF does."""
    ends = re.findall(rb"startxref\s+(\d{1,10})\s+%%EOF", content[-2048:])
    begins = re.match(rb"%PDF-[12]\.\d", content) is not None
    return begins and bool(ends) and content[int(ends[-1]) :].lstrip().startswith(b"xref")


def _read(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            return file.read(MAX_ATTACHMENT_BYTES + 1)
    except OSError as error:
        raise LocalError("problem.file_read", path=source, cause=error.strerror or "") from None
