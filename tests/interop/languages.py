"""The languages that a client exists in: what each needs, how its client is made ready, and how it is started."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.tree import ROOT

HERE = ROOT / "tests" / "interop"
BUILD = ROOT / "build" / "interop"
IMAGE = ROOT / "build" / "tashika.binpb"
NODE = HERE / "node"
# X509Certificate.checkIssued and class fields came with 16; older ones are out of support anyway.
MIN_NODE = 18


class PreparationError(Exception):
    """A client can't be made ready though all that it needs is there; the text holds what the program said."""


@dataclass(frozen=True)
class Language:
    """One language. ``missing`` says what is not there, empty: nothing; ``packages`` are Debian's that bring it."""

    name: str
    packages: tuple[str, ...]
    missing: Callable[[], str]
    prepare: Callable[[], None]
    command: tuple[str, ...]


def missing_node() -> str:
    """What is missing for Node."""
    if absent := _absent("node", "npm"):
        return absent
    version = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    major = re.match(r"v(\d+)\.", version)
    if major is None or int(major[1]) < MIN_NODE:
        return f"Node {MIN_NODE} or later is needed, there is {version or 'none that runs'}"
    return ""


def prepare_node() -> None:
    """Install what package-lock.json names, unless just that is installed already."""
    lock = (NODE / "package-lock.json").read_bytes()
    stamp = NODE / "node_modules" / ".installed"
    with _alone(NODE / "package.json"):
        digest = hashlib.sha256(lock).hexdigest()
        if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
            return
        run(["npm", "ci", "--no-progress"], NODE)
        stamp.write_text(digest, encoding="ascii")


def missing_ruby() -> str:
    """What is missing for Ruby."""
    if absent := _absent("ruby", "protoc", "grpc_ruby_plugin"):
        return absent
    return "" if _succeeds("ruby", "-e", 'require "grpc"') else "Ruby's library grpc is not installed"


def prepare_ruby() -> None:
    """Generate messages and stubs from the image."""
    out = BUILD / "ruby"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    plugin = f"--plugin=protoc-gen-grpc={shutil.which('grpc_ruby_plugin')}"
    image = f"--descriptor_set_in={IMAGE}"
    run(["protoc", image, f"--ruby_out={out}", f"--grpc_out={out}", plugin, *protos()], ROOT)


def missing_cpp() -> str:
    """What is missing for C++."""
    if absent := _absent("make", "g++", "pkg-config", "protoc", "grpc_cpp_plugin"):
        return absent
    libraries = ("grpc++", "protobuf", "openssl")
    return " and ".join(
        f"the library {name} is not installed"
        for name in libraries
        if not _succeeds("pkg-config", "--exists", name)
    )


def prepare_cpp() -> None:
    """Generate from the image, and compile: about two minutes the first time."""
    run(["make", f"--jobs={os.cpu_count() or 1}", "--file=tests/interop/cpp/Makefile"], ROOT)


LANGUAGES = {
    language.name: language
    for language in (
        Language(
            "node", ("nodejs", "npm"), missing_node, prepare_node, ("node", "tests/interop/node/main_job.js")
        ),
        Language(
            "ruby",
            ("ruby-grpc", "ruby-grpc-tools", "protobuf-compiler-grpc"),
            missing_ruby,
            prepare_ruby,
            ("ruby", "-W1", "-Ibuild/interop/ruby", "tests/interop/ruby/main_job.rb"),
        ),
        Language(
            "cpp",
            (
                "g++",
                "make",
                "pkg-config",
                "libgrpc++-dev",
                "libprotobuf-dev",
                "libssl-dev",
                "protobuf-compiler-grpc",
            ),
            missing_cpp,
            prepare_cpp,
            ("build/interop/cpp/main_job",),
        ),
    )
}


def protos() -> list[str]:
    """The protos that a client generates from, by their names in the image."""
    ours = sorted(
        path.relative_to(ROOT / "proto").as_posix() for path in (ROOT / "proto" / "tashika").rglob("*.proto")
    )
    beside = ("buf/validate/validate.proto", "google/type/date.proto")
    return [*ours, *beside, "google/rpc/status.proto", "google/rpc/error_details.proto"]


def install(packages: Sequence[str]) -> str:
    """Install packages of Debian. Answers why that is not possible; empty: it was done."""
    if _absent("apt-get"):
        return "apt-get is not there to install it"
    if os.geteuid() != 0:
        return f"only root can install it: apt-get install {' '.join(packages)}"
    try:
        run(["apt-get", "update", "--quiet"], ROOT)
        run(["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *packages], ROOT)
    except PreparationError as failed:
        return f"apt-get could not install it: {failed}"
    return ""


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command to its end. Raises PreparationError with the end of what it said if it fails."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, cwd=folder, env=quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PreparationError(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _absent(*programs: str) -> str:
    found = [name for name in programs if shutil.which(name) is None]
    return f"{', '.join(found)} not found" if found else ""


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time: test workers may want the same folder at once."""
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
