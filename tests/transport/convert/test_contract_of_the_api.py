"""Rules that hold for every method of tashika.v1, read from the generated descriptors."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import protovalidate
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

from tashika.v1 import application_pb2, contract_pb2, contract_underwriting_pb2, works_service_pb2
from tashika_server.application.access import RULES

PROTO = Path(__file__).parents[3] / "proto" / "tashika" / "v1"
UUID = "0190d4a0-0000-7000-8000-000000000000"

# These have no request_id: signing in makes a new session each time, a password is changed once with the old one,
# and each attempt to open counts.
NOT_REPEATABLE = {"CreateSession", "ChangePassword", "OpenCertificate"}


def _methods() -> Iterator[MethodDescriptor]:
    for file in sorted(PROTO.glob("*_service.proto")):
        descriptor = import_module(f"tashika.v1.{file.stem}_pb2").DESCRIPTOR
        for service in descriptor.services_by_name.values():
            yield from service.methods


METHODS = {f"/{method.containing_service.full_name}/{method.name}": method for method in _methods()}


def _reads(method: MethodDescriptor) -> bool:
    return bool(method.GetOptions().idempotency_level != MethodOptions.IDEMPOTENCY_UNKNOWN)


def _fields(message: Descriptor) -> Iterator[FieldDescriptor]:
    for field in message.fields:
        yield field
        if field.message_type is not None and field.name == "header":
            yield from _fields(field.message_type)


def test_every_method_has_a_rule_of_access_and_every_rule_a_method() -> None:
    assert set(METHODS) == set(RULES)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_method_reads_or_can_be_repeated(method: MethodDescriptor) -> None:
    repeatable = any(field.name == "request_id" for field in _fields(method.input_type))
    assert (_reads(method), repeatable) in ((True, False), (False, method.name not in NOT_REPEATABLE))


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_method_has_its_own_request_and_response(method: MethodDescriptor) -> None:
    assert (method.input_type.name, method.output_type.name) == (
        f"{method.name}Request",
        f"{method.name}Response",
    )


def test_every_method_but_a_watch_has_one_timeout_and_is_retried_only_where_that_is_safe() -> None:
    config = json.loads((PROTO / "service_config.json").read_text("utf-8"))
    seen: dict[str, bool] = {}
    for entry in config["methodConfig"]:
        names = [name["method"] for name in entry["name"]]
        assert entry["timeout"].endswith("s") if names != ["WatchContracts"] else "timeout" not in entry
        codes = entry.get("retryPolicy", {}).get("retryableStatusCodes", [])
        assert codes in ([], ["UNAVAILABLE"])
        for name in entry["name"]:
            full_name = f"/{name['service']}/{name['method']}"
            assert full_name not in seen
            seen[full_name] = bool(codes)
    assert set(seen) == set(METHODS)
    unsafe = [
        METHODS[name].name
        for name, retried in seen.items()
        if retried and METHODS[name].name in NOT_REPEATABLE
    ]
    assert unsafe == []


def test_the_rules_of_every_request_compile() -> None:
    for method in METHODS.values():
        protovalidate.collect_violations(_class_of(method)())


def _class_of(method: MethodDescriptor) -> type:
    module = import_module(method.input_type.file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    found: type = getattr(module, method.input_type.name)
    return found


def _broken(message: object) -> set[tuple[str, str]]:
    violations = protovalidate.collect_violations(message)  # type: ignore[arg-type]
    return {
        (
            ".".join(str(e.field_name) for e in v.proto.field.elements) if v.proto.field else "",
            str(v.proto.rule_id),
        )
        for v in violations
    }


def test_an_empty_draft_breaks_no_rule() -> None:
    request = works_service_pb2.CreateWorksRequest(request_id=UUID)
    request.works.SetInParent()
    assert _broken(request) == set()
    assert _broken(application_pb2.Application()) == set()


def test_a_draft_never_holds_what_is_malformed() -> None:
    application = application_pb2.Application(
        guarantor_id="org_1", branch="あ" * 101, amount_yen=-1, notice_mail="a" * 255
    )
    application.product = 9  # type: ignore[assignment]
    application.works.orderer_id = "KASHIWA\n"
    application.joint_venture.members.extend([application_pb2.VentureMember()] * 21)
    assert _broken(application) == {
        ("guarantor_id", "string.pattern"),
        ("product", "enum.defined_only"),
        ("branch", "string.max_len"),
        ("amount_yen", "int64.gte_lte"),
        ("notice_mail", "string.max_len"),
        ("works.orderer_id", "string.pattern"),
        ("joint_venture.members", "repeated.max_items"),
    }


@pytest.mark.parametrize(
    "contract_id", ["con_01JD000000000000000000000I", "con_01jd0000000000000000000000", "con_x", "1"]
)
def test_an_id_of_another_form_is_malformed(contract_id: str) -> None:
    request = contract_underwriting_pb2.ApproveContractRequest(request_id=UUID, contract_id=contract_id)
    assert _broken(request) == {("contract_id", "string.pattern")}


@pytest.mark.parametrize("request_id", ["", "1", UUID.replace("-", ""), UUID + "\n", "{" + UUID + "}"])
def test_a_request_id_is_a_uuid(request_id: str) -> None:
    request = contract_underwriting_pb2.ApproveContractRequest(
        request_id=request_id, contract_id="con_01JD0000000000000000000000"
    )
    assert {field for field, _ in _broken(request)} == {"request_id"}


def test_the_fee_must_be_told_even_if_it_is_zero() -> None:
    request = contract_underwriting_pb2.AcceptContractRequest(
        request_id=UUID, contract_id="con_01JD0000000000000000000000"
    )
    assert _broken(request) == {("fee_yen", "required")}
    request.fee_yen = 0
    assert _broken(request) == set()


def test_a_charge_can_not_be_booked_by_hand() -> None:
    request = contract_underwriting_pb2.RecordFeeRequest(
        request_id=UUID,
        contract_id="con_01JD0000000000000000000000",
        kind=contract_pb2.FEE_ENTRY_KIND_CHARGE,
        amount_yen=1,
    )
    request.day.year = 2026
    assert _broken(request) == {("kind", "enum.not_in")}
