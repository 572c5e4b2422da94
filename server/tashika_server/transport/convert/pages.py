"""Pages of lists. Page tokens are made elsewhere; an empty one says that there is no such page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tashika.v1 import contract_service_pb2, directory_service_pb2, works_service_pb2
from tashika_server.application.directory import Offices
from tashika_server.application.ports import Page
from tashika_server.domain.model import Contract, Organization, User, Works
from tashika_server.domain.policy import Orderer
from tashika_server.transport.convert.contract import contract_summary_to_proto
from tashika_server.transport.convert.directory import orderer_to_proto, organization_to_proto, user_to_proto
from tashika_server.transport.convert.offices import guarantor_offices_to_proto
from tashika_server.transport.convert.works import works_to_proto

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageTokens:
    """Tokens of the neighbouring pages."""

    next: str = ""
    previous: str = ""


def contracts_page(
    page: Page, tokens: PageTokens, *, today: date
) -> contract_service_pb2.ListContractsResponse:
    """Give the answer of ListContracts on Japan's day ``today``."""
    return contract_service_pb2.ListContractsResponse(
        contracts=[contract_summary_to_proto(each, today=today) for each in _all(page, Contract)],
        next_page_token=tokens.next,
        previous_page_token=tokens.previous,
        total_size=page.total,
        total_size_exact=page.total_exact,
    )


def works_page(page: Page, tokens: PageTokens) -> works_service_pb2.ListWorksResponse:
    """Give the answer of ListWorks."""
    return works_service_pb2.ListWorksResponse(
        works=[works_to_proto(each) for each in _all(page, Works)],
        next_page_token=tokens.next,
        previous_page_token=tokens.previous,
        total_size=page.total,
        total_size_exact=page.total_exact,
    )


def orderers_page(page: Page, tokens: PageTokens) -> directory_service_pb2.ListOrderersResponse:
    """Give the answer of ListOrderers."""
    return directory_service_pb2.ListOrderersResponse(
        orderers=[orderer_to_proto(each, latest_only=True) for each in _all(page, Orderer)],
        next_page_token=tokens.next,
        previous_page_token=tokens.previous,
        total_size=page.total,
        total_size_exact=page.total_exact,
    )


def organizations_page(page: Page, tokens: PageTokens) -> directory_service_pb2.ListOrganizationsResponse:
    """Give the answer of ListOrganizations."""
    return directory_service_pb2.ListOrganizationsResponse(
        organizations=[organization_to_proto(each) for each in _all(page, Organization)],
        next_page_token=tokens.next,
        previous_page_token=tokens.previous,
        total_size=page.total,
        total_size_exact=page.total_exact,
    )


def offices_page(
    page: Page, offices: Offices, tokens: PageTokens
) -> directory_service_pb2.ListOfficesResponse:
    """Give the answer of ListOffices, without guarantors that work here no more."""
    return directory_service_pb2.ListOfficesResponse(
        guarantors=[
            guarantor_offices_to_proto(each, offices)
            for each in _all(page, Organization)
            if not each.disabled
        ],
        next_page_token=tokens.next,
    )


def users_page(page: Page, tokens: PageTokens) -> directory_service_pb2.ListUsersResponse:
    """Give the answer of ListUsers."""
    return directory_service_pb2.ListUsersResponse(
        users=[user_to_proto(each) for each in _all(page, User)],
        next_page_token=tokens.next,
        previous_page_token=tokens.previous,
        total_size=page.total,
        total_size_exact=page.total_exact,
    )


def _all(page: Page, kind: type[T]) -> Iterable[T]:
    """Give the things of a page, which the store promises to be of the kind that was listed."""
    for item in page.items:
        if not isinstance(item, kind):
            raise TypeError(f"a list of {kind.__name__} holds a {type(item).__name__}")
        yield item
