"""The domain's choices and the proto's are the same, token for token."""

import inspect
from types import ModuleType

import pytest

from tashika.v1 import (
    contract_pb2,
    errors_pb2,
    hand_in_pb2,
    organization_pb2,
    policy_pb2,
    product_pb2,
    report_service_pb2,
    user_pb2,
)
from tashika_server.domain import lead_time, model, policy, reasons
from tashika_server.domain.reasons import Reason, RefusedError, Token
from tashika_server.transport.convert.enums import to_proto_enum, token_of, tokens

PAIRS: dict[type[Token], type[int]] = {
    reasons.Reason: errors_pb2.ErrorReason,
    reasons.WarningReason: errors_pb2.WarningReason,
    model.Product: product_pb2.Product,
    model.Form: product_pb2.Form,
    model.GuarantorKind: organization_pb2.GuarantorKind,
    model.OrganizationKind: organization_pb2.OrganizationKind,
    model.Role: user_pb2.Role,
    model.ContractState: contract_pb2.ContractState,
    model.FeeEntryKind: contract_pb2.FeeEntryKind,
    model.FactKind: hand_in_pb2.FactKind,
    model.ReissueReason: hand_in_pb2.KeyReissueReason,
    model.MailFailure: hand_in_pb2.MailFailure,
    lead_time.Leg: report_service_pb2.LeadTimeLeg,
    policy.SinceBasis: policy_pb2.SinceBasis,
    policy.ThresholdBasis: policy_pb2.ThresholdBasis,
    policy.VersionScope: hand_in_pb2.VersionScope,
    policy.Channel: hand_in_pb2.HandInChannel,
    policy.BodyItem: hand_in_pb2.HandInBodyItem,
    policy.Before: hand_in_pb2.HandInBefore,
}


@pytest.mark.parametrize(
    ("ours", "theirs"), PAIRS.items(), ids=lambda each: getattr(each, "__name__", "proto")
)
def test_domain_and_proto_have_the_same_tokens(ours: type[Token], theirs: type[int]) -> None:
    assert {each.value for each in ours} - {"UNSPECIFIED"} == tokens(theirs)


@pytest.mark.parametrize("module", [lead_time, model, policy, reasons])
def test_every_choice_of_the_domain_has_its_proto(module: ModuleType) -> None:
    choices = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Token)]
    assert set(choices) - {Token} <= set(PAIRS)


@pytest.mark.parametrize(
    ("ours", "theirs"), PAIRS.items(), ids=lambda each: getattr(each, "__name__", "proto")
)
def test_a_token_goes_there_and_back(ours: type[Token], theirs: type[int]) -> None:
    for each in ours:
        assert token_of(theirs, to_proto_enum(theirs, each)) == each.value.replace("UNSPECIFIED", "")


@pytest.mark.parametrize("token", [None, "", "UNSPECIFIED"])
def test_no_choice_is_value_zero(token: str | None) -> None:
    assert to_proto_enum(product_pb2.Product, token) == 0
    assert token_of(product_pb2.Product, 0) == ""


@pytest.mark.parametrize("value", [99, -1, 2**31 - 1])
def test_an_unknown_number_is_refused_with_its_field(value: int) -> None:
    with pytest.raises(RefusedError) as refused:
        token_of(product_pb2.Product, value, "application.product")
    assert (refused.value.reason, refused.value.violations[0].field) == (
        Reason.CHOICE_UNKNOWN,
        "application.product",
    )
