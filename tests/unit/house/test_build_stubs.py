"""The generated code follows from the protos, and from nothing else."""

import shutil
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

import build_stubs
from tools.tree import ROOT


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A root folder with our protos alone."""
    shutil.copytree(ROOT / "proto" / "tashika", tmp_path / "proto" / "tashika")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_protos_give_the_same_bytes(house: Path) -> None:
    build_stubs.generate(house / "proto", house / "first")
    build_stubs.generate(house / "proto", house / "second")
    assert contents(house / "first") == contents(house / "second")


def test_image_holds_comments_and_every_import(house: Path) -> None:
    build_stubs.build(house)
    image = descriptor_pb2.FileDescriptorSet.FromString((house / "build" / "tashika.binpb").read_bytes())
    names = {file.name for file in image.file}
    assert {needed for file in image.file for needed in file.dependency} <= names
    ours = [file for file in image.file if file.package == "tashika.v1"]
    assert len(ours) == len(list((house / "proto" / "tashika" / "v1").glob("*.proto")))
    assert all(any(place.leading_comments for place in file.source_code_info.location) for file in ours)


def test_image_holds_what_a_refusal_carries(house: Path) -> None:
    build_stubs.build(house)
    image = descriptor_pb2.FileDescriptorSet.FromString((house / "build" / "tashika.binpb").read_bytes())
    messages = {
        f"{file.package}.{message.name}": message for file in image.file for message in file.message_type
    }
    details = ("Status", "ErrorInfo", "BadRequest", "PreconditionFailure", "RetryInfo", "QuotaFailure")
    assert {f"google.rpc.{name}" for name in (*details, "LocalizedMessage", "Help")} <= set(messages)
    violation = messages["google.rpc.BadRequest"].nested_type[0]
    assert {"reason", "localized_message"} <= {field.name for field in violation.field}


def test_dependencies_stand_after_what_they_import() -> None:
    seen: set[str] = set()
    for file in build_stubs.dependency_set().file:
        assert set(file.dependency) <= seen
        seen.add(file.name)


def test_validation_rules_keep_their_expressions() -> None:
    from buf.validate import validate_pb2

    options = validate_pb2.StringRules.DESCRIPTOR.fields_by_name["min_len"].GetOptions()
    known = {extension.full_name for extension, _ in options.ListFields()}
    assert known == {"buf.validate.predefined"}
    assert "rules.min_len" in str(options)


def test_every_rpc_is_typed_for_caller_and_servicer(house: Path) -> None:
    build_stubs.build(house)
    image = descriptor_pb2.FileDescriptorSet.FromString((house / "build" / "tashika.binpb").read_bytes())
    services = [(file, service) for file in image.file for service in file.service]
    assert services
    for file, service in services:
        types = house / "build" / "stubs" / file.name.replace(".proto", "_pb2_grpc.pyi")
        text = types.read_text()
        compile(text, types, "exec")
        for method in service.method:
            assert text.count(f" {method.name}: grpc.aio.") == 1
            assert text.count(f"def {method.name}(") == 1


def test_streams_are_typed_as_streams() -> None:
    file = descriptor_pb2.FileDescriptorProto(name="a/v1/s.proto", package="a.v1")
    both = file.service.add(name="S").method.add(name="M", input_type=".a.v1.Q", output_type=".a.v1.R")
    both.client_streaming = both.server_streaming = True
    text = build_stubs.grpc_types(file, {".a.v1.Q": "a/v1/s.proto", ".a.v1.R": "a/v1/s.proto"})
    assert "M: grpc.aio.StreamStreamMultiCallable[a.v1.s_pb2.Q, a.v1.s_pb2.R]" in text
    assert "    def M(self, request_iterator: AsyncIterator[a.v1.s_pb2.Q]" in text
    assert "-> AsyncIterator[a.v1.s_pb2.R]: ..." in text


def test_what_is_no_longer_generated_goes_away_and_the_rest_is_not_touched(house: Path) -> None:
    build_stubs.build(house)
    stubs = house / "build" / "stubs"
    kept = next((stubs / "tashika" / "v1").glob("*_pb2.py"))
    before = kept.stat()
    (stubs / "tashika" / "v1" / "gone_pb2.py").touch()
    (stubs / "tashika" / "v0").mkdir()
    (stubs / "tashika" / "v0" / "gone_pb2.py").touch()
    build_stubs.build(house)
    assert not (stubs / "tashika" / "v1" / "gone_pb2.py").exists()
    assert not (stubs / "tashika" / "v0").exists()
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_refused_proto_leaves_the_former_stubs(house: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build_stubs.build(house)
    before = contents(house / "build")
    (house / "proto" / "tashika" / "v1" / "broken.proto").write_text('syntax = "proto3"; message {')
    with pytest.raises(build_stubs.StubsError):
        build_stubs.build(house)
    assert contents(house / "build") == before
    assert "broken.proto" in capfd.readouterr().err


def test_no_protos_is_an_error_and_not_an_empty_package(tmp_path: Path) -> None:
    with pytest.raises(build_stubs.StubsError):
        build_stubs.build(tmp_path)


def test_clients_find_the_service_config_beside_the_stubs(house: Path) -> None:
    build_stubs.build(house)
    made = house / "build" / "stubs" / build_stubs.SERVICE_CONFIG
    assert made.read_bytes() == (ROOT / "proto" / build_stubs.SERVICE_CONFIG).read_bytes()
