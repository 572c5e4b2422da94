"""Orderers, guarantors, and a contractor's works contracts."""

from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import organization_pb2
from tashika.v1 import works_service_pb2 as works_service
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import Calls
from tashika_tui.client.gateway.paging import page_of
from tashika_tui.client.wire import application as wire_works
from tashika_tui.client.wire import offices, orderer, people
from tashika_tui.client.wire.values import enum_value

_ALL_ORDERERS = records.OrdererFilter()
_ALL_WORKS = records.WorksFilter()


class DirectoryCalls(Calls):
    """The port's `Directory`."""

    async def list_orderers(
        self, page: records.PageRequest, wanted: records.OrdererFilter = _ALL_ORDERERS
    ) -> records.Page[records.OrdererRow]:
        """A page of the orderers."""
        request = directory.ListOrderersRequest(
            prefecture=wanted.prefecture,
            search=wanted.search,
            sort=enum_value(directory.OrdererSort, wanted.sort),
            from_value=wanted.from_value,
            page_size=page.size,
            page_token=page.token,
            descending=page.descending,
            from_end=page.from_end,
        )
        answer = await self._unary(self._directory.ListOrderers, request)
        return page_of(tuple(orderer.orderer_row(item) for item in answer.orderers), answer)

    async def get_orderer(self, orderer_id: str) -> records.Orderer:
        """An orderer with its policies."""
        request = directory.GetOrdererRequest(orderer_id=orderer_id)
        return orderer.orderer((await self._unary(self._directory.GetOrderer, request)).orderer)

    async def list_guarantors(
        self, page: records.PageRequest, search: str = ""
    ) -> records.Page[records.Guarantor]:
        """A page of the guarantors."""
        request = directory.ListOrganizationsRequest(
            kind=organization_pb2.ORGANIZATION_KIND_GUARANTOR,
            search=search,
            page_size=page.size,
            page_token=page.token,
            descending=page.descending,
            from_end=page.from_end,
        )
        answer = await self._unary(self._directory.ListOrganizations, request)
        return page_of(tuple(people.guarantor(item) for item in answer.organizations), answer)

    async def list_offices(self) -> tuple[records.GuarantorOffices, ...]:
        """All guarantors with their offices."""
        found: list[records.GuarantorOffices] = []
        request = directory.ListOfficesRequest()
        while True:
            answer = await self._unary(self._directory.ListOffices, request)
            found += map(offices.guarantor_offices, answer.guarantors)
            if not answer.next_page_token:
                return tuple(found)
            request = directory.ListOfficesRequest(page_token=answer.next_page_token)


class WorksCalls(Calls):
    """The port's `WorksBook`."""

    async def create_works(self, works: records.Works, *, request_id: str) -> records.Works:
        """Enters a works contract."""
        request = works_service.CreateWorksRequest(
            request_id=request_id, works=wire_works.works_message(works)
        )
        return wire_works.works((await self._unary(self._works.CreateWorks, request)).works)

    async def update_works(self, works: records.Works, *, request_id: str) -> records.Works:
        """Replaces what was entered."""
        request = works_service.UpdateWorksRequest(
            request_id=request_id,
            works_id=works.works_id,
            etag=works.etag,
            works=wire_works.works_message(works),
        )
        return wire_works.works((await self._unary(self._works.UpdateWorks, request)).works)

    async def get_works(self, works_id: str) -> records.Works:
        """A works contract."""
        answer = await self._unary(self._works.GetWorks, works_service.GetWorksRequest(works_id=works_id))
        return wire_works.works(answer.works)

    async def list_works(
        self, page: records.PageRequest, wanted: records.WorksFilter = _ALL_WORKS
    ) -> records.Page[records.Works]:
        """A page of the caller's works contracts."""
        request = works_service.ListWorksRequest(
            orderer_id=wanted.orderer_id,
            works_kind=wanted.kind,
            search=wanted.search,
            sort=enum_value(works_service.WorksSort, wanted.sort),
            from_value=wanted.from_value,
            page_size=page.size,
            page_token=page.token,
            descending=page.descending,
            from_end=page.from_end,
        )
        answer = await self._unary(self._works.ListWorks, request)
        return page_of(tuple(wire_works.works(item) for item in answer.works), answer)
