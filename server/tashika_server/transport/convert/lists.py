"""What a list request asks for, in the store's words. Page tokens are read and made elsewhere."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from tashika.v1 import contract_pb2, organization_pb2, product_pb2
from tashika.v1 import contract_service_pb2 as contracts
from tashika.v1 import directory_service_pb2 as directory
from tashika.v1 import works_service_pb2 as works
from tashika_server.application.ports import ListKind, ListQuery
from tashika_server.domain.limits import MAX_YEN
from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.convert.enums import token_of

DEFAULT_PAGE_SIZE = 50
OFFICES_PAGE_SIZE = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Paged(Protocol):
    """The fields that every list request has."""

    @property
    def page_size(self) -> int: ...
    @property
    def sort(self) -> int: ...
    @property
    def descending(self) -> bool: ...
    @property
    def from_end(self) -> bool: ...
    @property
    def from_value(self) -> str: ...


def contracts_query(request: contracts.ListContractsRequest) -> ListQuery:
    """Read ListContracts; the caller's scope and Japan's day are added by the use case."""
    chosen = request.filter
    filters = {
        "state": token_of(contract_pb2.ContractState, chosen.state, "filter.state"),
        "product": token_of(product_pb2.Product, chosen.product, "filter.product"),
        "form": token_of(product_pb2.Form, chosen.form, "filter.form"),
        "orderer_id": chosen.orderer_id,
        "guarantor_id": chosen.guarantor_id,
        "works_id": chosen.works_id,
        "number": chosen.contract_number,
    }
    return _query(
        request, ListKind.CONTRACTS, contracts.ContractSort, "registered_time", filters, chosen.search
    )


def works_query(request: works.ListWorksRequest) -> ListQuery:
    """Read ListWorks."""
    filters = {"orderer_id": request.orderer_id, "kind": request.works_kind}
    return _query(request, ListKind.WORKS, works.WorksSort, "name", filters, request.search)


def orderers_query(request: directory.ListOrderersRequest) -> ListQuery:
    """Read ListOrderers."""
    filters = {"prefecture": request.prefecture}
    return _query(request, ListKind.ORDERERS, directory.OrdererSort, "kana", filters, request.search)


def organizations_query(request: directory.ListOrganizationsRequest) -> ListQuery:
    """Read ListOrganizations."""
    kind = token_of(organization_pb2.OrganizationKind, request.kind, "kind")
    return _query(
        request, ListKind.ORGANIZATIONS, directory.OrganizationSort, "kana", {"kind": kind}, request.search
    )


def offices_query(request: directory.ListOfficesRequest) -> ListQuery:
    """Read ListOffices; that only guarantors are listed is added by the use case."""
    return ListQuery(
        kind=ListKind.ORGANIZATIONS, sort="kana", page_size=request.page_size or OFFICES_PAGE_SIZE
    )


def users_query(request: directory.ListUsersRequest) -> ListQuery:
    """Read ListUsers."""
    filters = {"organization_id": request.organization_id}
    return _query(request, ListKind.USERS, directory.UserSort, "login_name", filters)


def _query(
    request: _Paged,
    kind: ListKind,
    choice: type[int],
    default: str,
    filters: Mapping[str, str],
    search: str = "",
) -> ListQuery:
    # The sort columns have the names of the tokens.
    sort = token_of(choice, request.sort, "sort").lower() or default
    if request.from_end and request.from_value:
        raise refuse(Reason.FIELD_NOT_ALLOWED, "from_value")
    return ListQuery(
        kind=kind,
        equals={column: value for column, value in filters.items() if value},
        sort=sort,
        descending=request.descending,
        page_size=request.page_size or DEFAULT_PAGE_SIZE,
        from_value=_sort_value(sort, request.from_value) if request.from_value else None,
        backwards=request.from_end,
        search=search,
    )


def _sort_value(sort: str, text: str) -> str:
    """Give a value of a sort column as the store writes it: moments in microseconds, all else as it is."""
    try:
        if sort.endswith("_time"):
            return str((datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1))
        if sort.endswith("_yen"):
            return str(max(0, min(int(text), MAX_YEN)))
        return date.fromisoformat(text).isoformat() if sort == "period_end" else text
    except (ValueError, TypeError):
        # TypeError: a moment without its offset from UTC.
        raise refuse(Reason.FIELD_FORMAT, "from_value") from None
