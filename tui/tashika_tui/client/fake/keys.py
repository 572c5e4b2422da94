"""The simulation's keys."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from tashika_formats.key import format_key, make_key
from tashika_tui.client import records
from tashika_tui.client.fake.entry import CONTRACTOR, GUARANTOR, PARTIES, FakeCalls
from tashika_tui.client.fake.key_life import generation_of, give_up_mails, handed_in, keys_of, reissues
from tashika_tui.client.fake.lifecycle import require, reviewed
from tashika_tui.client.fake.papers import small_pdf
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.world import Person

OPENINGS_SHOWN = 200


class FakeKeys(FakeCalls):
    """The port's `Keys`."""

    async def get_key(self, contract_id: str) -> records.Key:
        """The key itself; each reading is recorded."""

        def act(person: Person) -> records.Key:
            contract = self._seen(person, contract_id)
            key = format_key(self._key(contract))
            made = keys_of(contract, [])[-1]
            return records.Key(contract.contract_number, key, made.generation, made.create_time)

        return await self._read("GetKey", CONTRACTOR, act)

    async def download_key_notice(self, contract_id: str) -> records.File:
        """The notice of the authentication key as a PDF; to the contractor alone."""

        def act(person: Person) -> records.File:
            contract = self._seen(person, contract_id)
            content = small_pdf(f"{contract.contract_number} {self._key(contract)} {generation_of(contract)}")
            digest = hashlib.sha256(content).hexdigest()
            return records.File(
                f"key-notice-{contract.contract_number}.pdf", "application/pdf", digest, content
            )

        return await self._read("DownloadKeyNotice", CONTRACTOR, act)

    async def record_hand_in(
        self,
        contract: records.Known,
        version: int,
        channel: str,
        *,
        request_id: str,
        hand_in_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the key of a version was handed in, now where no time is given."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            world = self.world
            time = hand_in_time or world.now
            _may_hand_in(present, version or present.version, time, world.now)
            generation = generation_of(present)
            fact = records.Fact(
                "HANDED_IN", version or present.version, time, False, channel, note, generation
            )
            steps = replace(present.steps, hand_in_time=time)
            handed = reviewed(replace(present, facts=(*present.facts, fact), steps=steps))
            return world.save(handed, "contract.hand_in")

        request = (contract.contract_id, contract.etag, version, channel, hand_in_time, note)
        return await self._change("RecordHandIn", CONTRACTOR, request_id, request, act)

    async def record_phone_confirmation(
        self,
        contract: records.Known,
        version: int,
        officer: str,
        *,
        request_id: str,
        call_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that a handing in was confirmed by telephone."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            chosen, time = version or present.version, call_time or self.world.now
            _may_hand_in(present, chosen, time, self.world.now)
            handed = handed_in(present, chosen)
            if not handed:
                raise refuse("NOT_HANDED_IN", "version", version=chosen)
            since = min(fact.fact_time for fact in handed if fact.fact_time is not None)
            fact = self._spoken("PHONE_CONFIRMED", present, officer, note, (time, since))
            return self.world.save(_with(present, replace(fact, version=chosen)), "contract.phone")

        request = (contract.contract_id, contract.etag, version, officer, call_time, note)
        return await self._change("RecordPhoneConfirmation", CONTRACTOR, request_id, request, act)

    async def reissue_key(
        self, contract: records.Known, *, request_id: str, reason: str = "", note: str = ""
    ) -> records.Contract:
        """Issues the key anew."""

        def act(person: Person) -> records.Contract:
            world, present = self.world, self._own(person, contract)
            _has_key(present)
            require(present, "REISSUE_KEY")
            current = generation_of(present)
            opened = any(
                each.success and each.generation == current
                for each in world.openings.get(present.contract_number, [])
            )
            guarantor, after = person.kind == "GUARANTOR", opened or bool(handed_in(present))
            if after != guarantor:
                raise refuse("REISSUE_BY_GUARANTOR" if after else "REISSUE_BY_CONTRACTOR")
            if guarantor and not reason:
                raise refuse("FIELD_REQUIRED", "reason")
            seed = hashlib.sha256(f"{present.contract_id} {current + 1}".encode()).digest()
            world.keys[present.contract_id] = make_key(seed)
            fact = records.Fact(
                "KEY_REISSUED",
                present.version,
                world.now,
                False,
                "",
                note,
                current + 1,
                reason=reason,
                by_guarantor=guarantor,
            )
            steps = replace(present.steps, hand_in_time=None)
            bare = give_up_mails(present, "KEY_REISSUED", world.now)
            return world.save(replace(_with(bare, fact), steps=steps), "key.reissue")

        request = (contract.contract_id, contract.etag, reason, note)
        return await self._change("ReissueKey", PARTIES, request_id, request, act)

    async def record_orderer_told(
        self,
        contract: records.Known,
        officer: str,
        *,
        request_id: str,
        tell_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the orderer was told of a re-issue."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            _has_key(present)
            again = reissues(present)
            if not again or not again[-1].by_guarantor:
                raise refuse("KEY_NOT_REISSUED")
            moments = (tell_time or self.world.now, again[-1].fact_time or self.world.now)
            fact = self._spoken("ORDERER_TOLD", present, officer, note, moments)
            return self.world.save(_with(present, fact), "contract.tell_orderer")

        request = (contract.contract_id, contract.etag, officer, tell_time, note)
        return await self._change("RecordOrdererTold", GUARANTOR, request_id, request, act)

    def _spoken(
        self,
        kind: str,
        contract: records.Contract,
        officer: str,
        note: str,
        moments: tuple[datetime, datetime],
    ) -> records.Fact:
        """That somebody at the orderer was spoken to; `moments`: when, and not before what."""
        time, since = moments
        if not officer:
            raise refuse("FIELD_REQUIRED", "officer")
        _in_time(time, self.world.now, since)
        return records.Fact(
            kind, contract.version, time, False, "", note, generation_of(contract), officer=officer
        )

    async def list_openings(self, contract_id: str) -> tuple[records.Opening, ...]:
        """The attempts to open, the latest first, at most 200."""

        def act(person: Person) -> tuple[records.Opening, ...]:
            contract = self._seen(person, contract_id)
            if not contract.contract_number:
                raise refuse("NOT_FOUND", "contract_id", resource="contract")
            attempts = self.world.openings.get(contract.contract_number, [])
            return tuple(reversed(attempts[-OPENINGS_SHOWN:]))

        return await self._read("ListOpenings", PARTIES, act)

    def _key(self, contract: records.Contract) -> str:
        held = contract.terms or contract.application
        if contract.paper_issue is not None or (contract.version == 0 and held.form == "PAPER"):
            raise refuse("NO_KEY_FOR_PAPER")
        key = self.world.keys.get(contract.contract_id)
        if contract.version == 0 or key is None:
            raise refuse("NOT_ISSUED")
        return key


def _may_hand_in(contract: records.Contract, version: int, time: datetime, now: datetime) -> None:
    _has_key(contract)
    require(contract, "HAND_IN")
    if not 1 <= version <= contract.version:
        raise refuse("NOT_ISSUED", "version", version=version, latest=contract.version)
    again = reissues(contract)
    issued = contract.steps.issue_time
    _in_time(time, now, again[-1].fact_time if again else issued)


def _has_key(contract: records.Contract) -> None:
    if contract.application.form == "PAPER":
        raise refuse("NO_KEY_FOR_PAPER")
    if contract.version == 0 and contract.state != "LAPSED":
        raise refuse("NOT_ISSUED", state=contract.state)


def _in_time(time: datetime, now: datetime, since: datetime | None) -> None:
    if time > now + timedelta(minutes=1):
        raise refuse("DATE_IN_FUTURE", "time", latest=now)
    if since is not None and time < since.replace(second=0, microsecond=0):
        raise refuse("DATE_OUT_OF_RANGE", "time", earliest=since)


def _with(contract: records.Contract, fact: records.Fact) -> records.Contract:
    return replace(contract, facts=(*contract.facts, fact))
