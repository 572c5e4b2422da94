"""Generates everything that comes out of the protos, below the ignored folder `build/`.

    build/deps.binpb     descriptor set of what stands beside our protos: buf/validate, google/type, google/rpc,
                         google/protobuf
    build/stubs/         Python messages and gRPC stubs with their types, for `tashika` and `buf.validate`
    build/tashika.binpb  the image: our protos with comments, all their imports, and the messages that a refusal
                         carries, in one file, for `buf` and for clients in other languages

No proto from elsewhere is copied into the tree: the rules come from the descriptor inside the protovalidate
wheel, the calendar day and the details of a refusal from googleapis-common-protos. The wheel hook calls
`build`; run this file to do the same by hand.
"""

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2, status_pb2
from google.type import date_pb2
from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent.parent

# The order matters to the descriptor set: a file stands after all that it imports.
WELL_KNOWN = ("descriptor", "any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
VALIDATE = "buf/validate/validate.proto"
# No proto of ours imports these, but who reads `grpc-status-details-bin` needs them, and not every language has a
# library that brings them, or one that is recent enough to know `FieldViolation.reason`.
REFUSALS = ("google/rpc/error_details.proto", "google/rpc/status.proto")
SERVICE_CONFIG = "tashika/v1/service_config.json"

PYI_HEADER = '"""Types of the gRPC stubs beside this file, for grpc.aio. Generated; do not edit."""\n'


# From the full name of a message in a descriptor to the Python expression that names its class.
PythonName = Callable[[str], str]


class StubsError(Exception):
    """protoc refused the protos; its own words are on standard error."""


def build(root: Path = ROOT) -> None:
    """Writes `build/deps.binpb`, `build/stubs` and `build/tashika.binpb` below `root`.

    A file whose content is the same stays untouched, a changed one is put in place by a rename, so that
    whoever imports the stubs meanwhile never reads half a file; what is no longer generated goes away.
    Raises StubsError if protoc refuses.
    """
    out = root / "build"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".stubs-", dir=out) as name:
        fresh = Path(name)
        generate(root / "proto", fresh)
        _replace_tree(fresh / "stubs", out / "stubs")
        for image in ("deps.binpb", "tashika.binpb"):
            _replace_file(fresh / image, out / image)


def generate(proto: Path, out: Path) -> None:
    """Generates from the protos below `proto/tashika` into the folder `out`. Same input, same bytes."""
    stubs = out / "stubs"
    (stubs / "tashika").mkdir(parents=True)
    deps = out / "deps.binpb"
    deps.write_bytes(dependency_set().SerializeToString(deterministic=True))
    sources = sorted(path.relative_to(proto).as_posix() for path in (proto / "tashika").rglob("*.proto"))
    if not sources:
        raise StubsError(f"no protos below {proto / 'tashika'}")
    search = [f"--proto_path={proto}", f"--descriptor_set_in={deps}"]
    python = [f"--python_out={stubs}", f"--pyi_out={stubs}"]
    image = out / "tashika.binpb"
    _protoc(*search, *python, f"--grpc_python_out={stubs}", *sources)
    _protoc(f"--descriptor_set_in={deps}", *python, VALIDATE)
    whole = [*sources, *REFUSALS]
    _protoc(*search, "--include_imports", "--include_source_info", f"--descriptor_set_out={image}", *whole)
    _mark_packages(stubs / "tashika")
    # Clients find the timeouts and retries of each method beside its stubs.
    shutil.copyfile(proto / SERVICE_CONFIG, stubs / SERVICE_CONFIG)
    _write_grpc_types(image, sources, stubs)


def dependency_set() -> descriptor_pb2.FileDescriptorSet:
    """What our protos may import, and what the image holds beside them, each file after its own imports."""
    found = descriptor_pb2.FileDescriptorSet()
    for name in WELL_KNOWN:
        module = importlib.import_module(f"google.protobuf.{name}_pb2")
        module.DESCRIPTOR.CopyToProto(found.file.add())
    for module in (date_pb2, status_pb2, error_details_pb2):
        module.DESCRIPTOR.CopyToProto(found.file.add())
    # The wheel keeps the descriptor in a generated module of its own protobuf runtime, under a private name:
    # hence the exact pin in pyproject.toml.
    validate = importlib.import_module("protovalidate._gen.buf.validate.validate_pb")
    found.file.add().ParseFromString(validate.desc().proto.to_binary())
    return found


def _protoc(*arguments: str) -> None:
    # protoc runs inside this process and changes nothing of it. Its built-in protos come last in the search.
    builtin = files("grpc_tools") / "_proto"
    if protoc.main(["protoc", *arguments, f"--proto_path={builtin}"]) != 0:
        raise StubsError("protoc refused the protos")


def _mark_packages(package: Path) -> None:
    # Without these files `tashika` would be a namespace, and proto/tashika, which an editable install has on
    # its path, a part of it.
    for folder in (package, *(path for path in package.rglob("*") if path.is_dir())):
        (folder / "__init__.py").write_text(
            '"""Generated from the protos; do not edit."""\n', encoding="ascii"
        )
    (package / "py.typed").touch()


def _write_grpc_types(image: Path, sources: list[str], stubs: Path) -> None:
    described = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes())
    home = {
        f".{file.package}.{message.name}": file.name
        for file in described.file
        for message in file.message_type
    }
    for file in described.file:
        if file.name not in sources:
            continue
        target = stubs / file.name.replace(".proto", "_pb2_grpc.pyi")
        if file.service:
            target.write_text(grpc_types(file, home), encoding="utf-8")
        else:
            target.with_suffix(".py").unlink()


def grpc_types(file: descriptor_pb2.FileDescriptorProto, home: dict[str, str]) -> str:
    """The `.pyi` text for the services of one proto file; `home` says which file each message stands in."""
    modules: set[str] = set()

    def python_name(message: str) -> str:
        module = home[message].removesuffix(".proto").replace("/", ".") + "_pb2"
        modules.add(module)
        return f"{module}.{message.rpartition('.')[2]}"

    classes = [line for service in file.service for line in _service_types(service, python_name)]
    imports = ["from collections.abc import AsyncIterator", "", "import grpc.aio", ""]
    imports += [f"import {module}" for module in sorted(modules)]
    return "\n".join([PYI_HEADER, *imports, *classes, ""])


def _service_types(service: descriptor_pb2.ServiceDescriptorProto, python_name: PythonName) -> Iterator[str]:
    methods = [_MethodTypes(method, python_name) for method in service.method]
    yield from ("", f"class {service.name}Stub:")
    yield "    def __init__(self, channel: grpc.aio.Channel) -> None: ..."
    yield from (method.on_stub() for method in methods)
    yield from ("", f"class {service.name}Servicer:")
    yield from (method.on_servicer() for method in methods)
    yield from ("", f"def add_{service.name}Servicer_to_server(")
    yield f"    servicer: {service.name}Servicer, server: grpc.aio.Server"
    yield ") -> None: ..."


class _MethodTypes:
    """One RPC as the caller and as the servicer see it."""

    def __init__(self, method: descriptor_pb2.MethodDescriptorProto, python_name: PythonName) -> None:
        self._method = method
        self._request = python_name(method.input_type)
        self._response = python_name(method.output_type)

    def on_stub(self) -> str:
        ways = ("Stream" if streams else "Unary" for streams in self._streams())
        call = f"grpc.aio.{''.join(ways)}MultiCallable[{self._request}, {self._response}]"
        return f"    {self._method.name}: {call}"

    def on_servicer(self) -> str:
        takes_many, gives_many = self._streams()
        given = f"request: {self._request}"
        if takes_many:
            given = f"request_iterator: AsyncIterator[{self._request}]"
        head, result = "async def", self._response
        if gives_many:
            # An async generator is called without await: a plain function that returns an iterator.
            head, result = "def", f"AsyncIterator[{self._response}]"
        context = f"grpc.aio.ServicerContext[{self._request}, {self._response}]"
        return f"    {head} {self._method.name}(self, {given}, context: {context}) -> {result}: ..."

    def _streams(self) -> tuple[bool, bool]:
        return self._method.client_streaming, self._method.server_streaming


def _replace_tree(fresh: Path, target: Path) -> None:
    made = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
    folders = {parent for name in made for parent in name.parents}
    for name in made:
        _replace_file(fresh / name, target / name)
    for path in sorted(target.rglob("*"), reverse=True):
        name = path.relative_to(target)
        if "__pycache__" in name.parts or name in made or name in folders:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _replace_file(fresh: Path, target: Path) -> None:
    if target.is_file() and target.read_bytes() == fresh.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(fresh, target)


if __name__ == "__main__":
    try:
        build()
    except StubsError as refused:
        sys.exit(f"build_stubs: {refused}")
