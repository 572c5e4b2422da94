"""The simulation's sessions, directory, works and contracts, as far as they are looked at."""

from dataclasses import replace

from tashika_tui.client import records
from tashika_tui.client.fake.entry import ANYONE, CONTRACTOR, OWN_SESSION, PARTIES, SIGNED_IN, FakeCalls
from tashika_tui.client.fake.handing_in import advice_for, message_for, orderer_notice_for
from tashika_tui.client.fake.key_life import keys_of
from tashika_tui.client.fake.lists import contract_page, is_found, of_sequence, page_of
from tashika_tui.client.fake.offices import offices_of
from tashika_tui.client.fake.refusals import refuse, refuse_all
from tashika_tui.client.fake.rules import differences, malformed
from tashika_tui.client.fake.world import Person
from tashika_tui.version import client_version

_ALL_ORDERERS = records.OrdererFilter()
_ALL_WORKS = records.WorksFilter()
_LEAST_PASSWORD = 12


class FakeSessions(FakeCalls):
    """The port's `Sessions`."""

    async def server_info(self) -> records.ServerInfo:
        """What the server is."""
        world = self.world
        info = records.ServerInfo(
            version=client_version(),
            demo=True,
            server_time=world.now,
            today=world.today,
            log_origin="tashika.demo/simulation",
            log_verifier_key=world.papers.log_verifier_key,
            max_attachment_bytes=20 * 1024 * 1024,
            max_chunk_bytes=64 * 1024,
        )
        return await self._read("GetServerInfo", ANYONE, lambda _person: info)

    async def create_session(self, login_name: str, password: str) -> records.NewSession:
        """Signs a person in."""

        def act(_caller: Person) -> records.NewSession:
            person = self.world.people.get(login_name)
            if person is None or person.password != password:
                raise refuse("WRONG_CREDENTIALS")
            self.world.faults.session_expired = False
            session_id = self.world.new_id("ses")
            token = f"tsk_{session_id}"
            self.world.sessions[token] = person
            return records.NewSession(token, self._session(person, session_id))

        return await self._read("CreateSession", ANYONE, act)

    async def get_session(self) -> records.Session:
        """Who is signed in."""
        return await self._read(
            "GetSession",
            OWN_SESSION,
            lambda person: self._session(person, self._token.removeprefix("tsk_")),
        )

    async def delete_session(self, request_id: str) -> None:
        """Signs out; the token is void at once."""

        def act(_person: Person) -> None:
            self.world.sessions.pop(self._token, None)

        await self._change("DeleteSession", OWN_SESSION, request_id, None, act)

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Changes the caller's password, and ends the person's other sessions."""

        def act(person: Person) -> None:
            if person.password != old_password:
                raise refuse("WRONG_CREDENTIALS")
            if len(new_password) < _LEAST_PASSWORD or new_password == old_password:
                raise refuse("PASSWORD_UNSUITABLE", "new_password")
            person.password, person.must_change_password = new_password, False
            others = [t for t, p in self.world.sessions.items() if p is person and t != self._token]
            for token in others:
                del self.world.sessions[token]

        await self._read("ChangePassword", OWN_SESSION, act)

    def _session(self, person: Person, session_id: str) -> records.Session:
        return records.Session(
            session_id=session_id,
            login_name=person.login_name,
            name=person.name,
            title=person.title,
            roles=person.roles,
            organization=person.organization,
            organization_kind=person.kind,
            language=self._language,
            must_change_password=person.must_change_password,
            expire_time=None,
            user_id=person.user_id,
            organization_id=person.organization_id,
        )


class FakeDirectory(FakeCalls):
    """The port's `Directory`."""

    async def list_orderers(
        self, page: records.PageRequest, wanted: records.OrdererFilter = _ALL_ORDERERS
    ) -> records.Page[records.OrdererRow]:
        """A page of the orderers, by name."""

        def act(_person: Person) -> records.Page[records.OrdererRow]:
            rows = [
                records.OrdererRow(
                    each.orderer_id,
                    each.name,
                    each.prefecture,
                    each.latest is not None and each.latest.electronic is not None,
                    each.kana,
                )
                for each, _ in self.world.orderers.values()
                if wanted.prefecture in ("", each.prefecture)
                and is_found(wanted.search, each.name, each.kana, each.prefecture)
            ]
            by = {"NAME": "name"}.get(wanted.sort, "kana")
            keyed = [((getattr(row, by), row.orderer_id), row) for row in rows]
            start = (wanted.from_value, "") if wanted.from_value else None
            return page_of(page, start, wanted, of_sequence(keyed), (len(rows), True))

        return await self._read("ListOrderers", SIGNED_IN, act)

    async def get_orderer(self, orderer_id: str) -> records.Orderer:
        """An orderer with its sections and how it wants keys handed in."""

        def act(_person: Person) -> records.Orderer:
            if orderer_id not in self.world.orderers:
                raise refuse("NOT_FOUND", "orderer_id", resource="orderer")
            return self.world.orderers[orderer_id][0]

        return await self._read("GetOrderer", SIGNED_IN, act)

    async def list_guarantors(
        self, page: records.PageRequest, search: str = ""
    ) -> records.Page[records.Guarantor]:
        """A page of the guarantors with their offices, by the reading of the name."""

        def act(_person: Person) -> records.Page[records.Guarantor]:
            keyed = [
                ((each.kana, each.organization_id), each)
                for each in self.world.guarantors.values()
                if is_found(search, each.name, each.kana)
            ]
            return page_of(page, None, search, of_sequence(keyed), (len(keyed), True))

        return await self._read("ListOrganizations", SIGNED_IN, act)

    async def list_offices(self) -> tuple[records.GuarantorOffices, ...]:
        """All guarantors and how each office stands now."""

        def act(_person: Person) -> tuple[records.GuarantorOffices, ...]:
            ordered = sorted(self.world.guarantors.values(), key=lambda each: each.kana)
            return tuple(offices_of(each, self.world.now) for each in ordered if not each.disabled)

        return await self._read("ListOffices", ANYONE, act)


class FakeWorks(FakeCalls):
    """The port's `WorksBook`."""

    async def create_works(self, works: records.Works, *, request_id: str) -> records.Works:
        """Enters a works contract; fields may be missing."""

        def act(person: Person) -> records.Works:
            self._check(works)
            return self.world.save_works(
                person.organization_id, replace(works, works_id=self.world.new_id("wrk"))
            )

        return await self._change("CreateWorks", CONTRACTOR, request_id, works, act)

    async def update_works(self, works: records.Works, *, request_id: str) -> records.Works:
        """Replaces what was entered, by `works_id` and `etag` of `works`."""

        def act(person: Person) -> records.Works:
            present = self._works_of(person, works.works_id)
            if works.etag and works.etag != present.etag:
                raise refuse("ETAG_MISMATCH", "etag")
            self._check(works)
            return self.world.save_works(person.organization_id, works)

        return await self._change("UpdateWorks", CONTRACTOR, request_id, works, act)

    async def get_works(self, works_id: str) -> records.Works:
        """A works contract."""
        return await self._read("GetWorks", CONTRACTOR, lambda person: self._works_of(person, works_id))

    async def list_works(
        self, page: records.PageRequest, wanted: records.WorksFilter = _ALL_WORKS
    ) -> records.Page[records.Works]:
        """A page of the caller's works contracts, by name unless asked otherwise."""

        def act(person: Person) -> records.Page[records.Works]:
            found = [
                works
                for owner, works in self.world.works.values()
                if owner == person.organization_id
                and wanted.orderer_id in ("", works.orderer_id)
                and wanted.kind in ("", works.kind)
                and is_found(wanted.search, works.name, works.number)
            ]
            by = (wanted.sort or "NAME").lower()
            keyed = [(_works_key(works, by), works) for works in found]
            text = wanted.from_value
            start = (int(text) if by == "price_yen" else text, "") if text else None
            return page_of(page, start, wanted, of_sequence(keyed), (len(found), True))

        return await self._read("ListWorks", CONTRACTOR, act)

    def _works_of(self, person: Person, works_id: str, field: str = "works_id") -> records.Works:
        owner, works = self.world.works.get(works_id, ("", records.Works()))
        if not owner or owner != person.organization_id:
            raise refuse("NOT_FOUND", field, resource="works")
        return works

    def _check(self, works: records.Works) -> None:
        refuse_all(malformed(works, "works"))
        if works.orderer_id and works.orderer_id not in self.world.orderers:
            raise refuse("NOT_FOUND", "works.orderer_id", resource="orderer")


def _works_key(works: records.Works, by: str) -> tuple[int | str, str]:
    value = getattr(works, by)
    if by == "price_yen":
        return (-1 if value is None else value), works.works_id
    return str(value or ""), works.works_id


class FakeContracts(FakeCalls):
    """The port's `Contracts`, but for watching."""

    async def list_contracts(
        self, wanted: records.ContractFilter, page: records.PageRequest
    ) -> records.Page[records.ContractRow]:
        """A page of the caller's guarantee contracts."""
        return await self._read(
            "ListContracts", PARTIES, lambda person: contract_page(self.world, person, wanted, page)
        )

    async def find_contract(self, contract_number: str) -> records.ContractRow | None:
        """The caller's guarantee contract with this number (14 digits), None where there is none."""
        wanted = records.ContractFilter(contract_number=contract_number)
        page = await self.list_contracts(wanted, records.PageRequest(size=1))
        return next(iter(page.items), None)

    async def get_contract(self, contract_id: str) -> records.Contract:
        """A guarantee contract in full."""

        def act(person: Person) -> records.Contract:
            contract = self._seen(person, contract_id)
            openings = self.world.openings.get(contract.contract_number, [])
            return replace(
                contract,
                differences=differences(contract.application, contract.terms),
                hand_in_advice=advice_for(self.world, contract),
                first_open_time=next((each.open_time for each in openings if each.success), None),
                hand_in_message=message_for(self.world, contract),
                keys=keys_of(contract, openings),
                orderer_notice=orderer_notice_for(self.world, contract),
            )

        return await self._read("GetContract", PARTIES, act)

    async def download_attachment(
        self, contract_id: str, attachment_id: str, progress: records.Progress | None = None
    ) -> records.File:
        """A file that came with the application."""

        def act(person: Person) -> records.File:
            contract = self._seen(person, contract_id)
            found = next((a for a in contract.attachments if a.attachment_id == attachment_id), None)
            if found is None:
                raise refuse("NOT_FOUND", "attachment_id", resource="attachment")
            content = self.world.attachments[found.sha256]
            return records.File(found.name, "application/pdf", found.sha256, content)

        file = await self._read("DownloadAttachment", PARTIES, act)
        if progress is not None:
            progress(len(file.content), len(file.content))
        return file
