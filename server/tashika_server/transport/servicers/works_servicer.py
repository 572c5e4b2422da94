"""WorksService."""

from tashika.v1 import works_service_pb2 as pb
from tashika_server.application.works import WorksBook
from tashika_server.transport.call import Call
from tashika_server.transport.convert.lists import works_query
from tashika_server.transport.convert.pages import works_page
from tashika_server.transport.convert.values import revision_of
from tashika_server.transport.convert.works import works_terms_from_proto, works_to_proto
from tashika_server.transport.methods import Handler, Method, service
from tashika_server.transport.servicers.paging import Paging


class WorksServicer:
    """A contractor's works contracts."""

    def __init__(self, works: WorksBook, paging: Paging) -> None:
        self._works = works
        self._paging = paging

    async def create_works(self, request: pb.CreateWorksRequest, call: Call) -> pb.CreateWorksResponse:
        """Enter a works contract."""
        terms = works_terms_from_proto(request.works)
        return pb.CreateWorksResponse(
            works=works_to_proto(await self._works.create(call.caller, terms, call.replay(request)))
        )

    async def update_works(self, request: pb.UpdateWorksRequest, call: Call) -> pb.UpdateWorksResponse:
        """Change a works contract."""
        terms = works_terms_from_proto(request.works)
        expected = revision_of(request.etag)
        changed = await self._works.update(
            call.caller, request.works_id, terms, expected, call.replay(request)
        )
        return pb.UpdateWorksResponse(works=works_to_proto(changed))

    async def get_works(self, request: pb.GetWorksRequest, call: Call) -> pb.GetWorksResponse:
        """Give a works contract."""
        return pb.GetWorksResponse(works=works_to_proto(await self._works.get(call.caller, request.works_id)))

    async def list_works(self, request: pb.ListWorksRequest, call: Call) -> pb.ListWorksResponse:
        """List works contracts."""
        query = works_query(request)
        page = await self._works.list(call.caller, self._paging.resume(request, query, call))
        return works_page(page, self._paging.tokens(query, page, call))

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "CreateWorks": self.create_works,
            "UpdateWorks": self.update_works,
            "GetWorks": self.get_works,
            "ListWorks": self.list_works,
        }
        return service("tashika.v1.WorksService", handlers)
