"""Prints the protocol reference, or with `--write` puts it into its file."""

import argparse
import os
import sys
import tempfile

from tools.reference.contract import read_contract
from tools.reference.render import reference
from tools.tree import ROOT

TARGET = ROOT / "proto" / "REFERENCE.md"
IMAGE = ROOT / "build" / "tashika.binpb"
SERVICE_CONFIG = ROOT / "proto" / "tashika" / "v1" / "service_config.json"


def main() -> None:
    """Print or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.relative_to(ROOT)}")
    text = reference(read_contract(IMAGE, SERVICE_CONFIG)).encode("utf-8")
    if not parser.parse_args().write:
        sys.stdout.buffer.write(text)
        return
    with tempfile.NamedTemporaryFile(dir=TARGET.parent, delete=False) as fresh:
        fresh.write(text)
    os.chmod(fresh.name, 0o644)
    os.replace(fresh.name, TARGET)


if __name__ == "__main__":
    main()
