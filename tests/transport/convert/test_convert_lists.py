"""List requests, and pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tashika.v1 import (
    contract_pb2,
    contract_service_pb2,
    directory_service_pb2,
    product_pb2,
    works_service_pb2,
)
from tashika_server.application.ports import ListKind, ListQuery, Page
from tashika_server.domain import model as m
from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.transport.convert import lists, pages
from tests.transport.convert.samples import CONTRACT, DAY, WORKS, an_id

Contracts = contract_service_pb2.ListContractsRequest


def test_an_empty_request_is_the_first_page_of_fifty_in_the_default_order() -> None:
    assert lists.contracts_query(Contracts()) == ListQuery(
        ListKind.CONTRACTS, sort="registered_time", page_size=50
    )


def test_what_is_set_filters_and_the_rest_does_not() -> None:
    chosen = contract_service_pb2.ContractFilter(
        state=contract_pb2.CONTRACT_STATE_IN_FORCE,
        product=product_pb2.PRODUCT_PREPAYMENT,
        orderer_id="kashiwa",
    )
    query = lists.contracts_query(Contracts(filter=chosen, page_size=7, descending=True, from_end=True))
    assert query.equals == {"state": "IN_FORCE", "product": "PREPAYMENT", "orderer_id": "kashiwa"}
    assert (query.page_size, query.descending, query.backwards) == (7, True, True)


@pytest.mark.parametrize(
    ("read", "request_type", "choice"),
    [
        (lists.contracts_query, Contracts, contract_service_pb2.ContractSort),
        (lists.works_query, works_service_pb2.ListWorksRequest, works_service_pb2.WorksSort),
        (lists.orderers_query, directory_service_pb2.ListOrderersRequest, directory_service_pb2.OrdererSort),
        (
            lists.organizations_query,
            directory_service_pb2.ListOrganizationsRequest,
            directory_service_pb2.OrganizationSort,
        ),
        (lists.users_query, directory_service_pb2.ListUsersRequest, directory_service_pb2.UserSort),
    ],
)
def test_an_unspecified_order_is_the_first_that_the_proto_names(
    read: Callable[[Any], ListQuery], request_type: Any, choice: Any
) -> None:
    assert read(request_type()).sort == read(request_type(sort=choice.values()[1])).sort


@pytest.mark.parametrize(
    ("sort", "text", "stored"),
    [
        (contract_service_pb2.CONTRACT_SORT_REGISTERED_TIME, "1970-01-01T09:00:01.5+09:00", "1500000"),
        (contract_service_pb2.CONTRACT_SORT_UPDATED_TIME, "1970-01-01T00:00:00Z", "0"),
        (contract_service_pb2.CONTRACT_SORT_AMOUNT_YEN, "0012", "12"),
        (contract_service_pb2.CONTRACT_SORT_AMOUNT_YEN, "9" * 100, "10000000000000"),
        (contract_service_pb2.CONTRACT_SORT_PERIOD_END, "2026-04-01", "2026-04-01"),
        (contract_service_pb2.CONTRACT_SORT_WORKS_NAME, "柏", "柏"),
    ],
)
def test_a_start_value_is_given_as_the_store_writes_it(
    sort: contract_service_pb2.ContractSort, text: str, stored: str
) -> None:
    assert lists.contracts_query(Contracts(sort=sort, from_value=text)).from_value == stored


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        (contract_service_pb2.CONTRACT_SORT_REGISTERED_TIME, "yesterday"),
        (contract_service_pb2.CONTRACT_SORT_REGISTERED_TIME, "2026-04-01T00:00:00"),
        (contract_service_pb2.CONTRACT_SORT_AMOUNT_YEN, "many"),
        (contract_service_pb2.CONTRACT_SORT_PERIOD_END, "2026-02-30"),
    ],
)
def test_a_start_value_of_another_kind_is_refused(sort: contract_service_pb2.ContractSort, text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        lists.contracts_query(Contracts(sort=sort, from_value=text))
    assert (refused.value.reason, refused.value.violations[0].field) == (Reason.FIELD_FORMAT, "from_value")


def test_a_list_starts_at_its_end_or_at_a_value_but_not_at_both() -> None:
    with pytest.raises(RefusedError) as refused:
        lists.works_query(works_service_pb2.ListWorksRequest(from_end=True, from_value="柏"))
    assert refused.value.reason is Reason.FIELD_NOT_ALLOWED


def test_a_page_carries_its_tokens_and_its_total() -> None:
    page = Page((CONTRACT,), None, None, 1001, False)
    message = pages.contracts_page(page, pages.PageTokens("next", "previous"), today=DAY)
    assert [each.contract_id for each in message.contracts] == [an_id("con")]
    assert (message.next_page_token, message.previous_page_token) == ("next", "previous")
    assert (message.total_size, message.total_size_exact) == (1001, False)


def test_a_page_of_other_things_is_a_fault_and_no_answer() -> None:
    page = Page((m.Works("w", "o", WORKS),), None, None, 1, True)
    with pytest.raises(TypeError):
        pages.contracts_page(page, pages.PageTokens(), today=date(2026, 4, 1))
