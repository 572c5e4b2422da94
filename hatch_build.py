"""The wheel hook: generates the stubs, and puts them into the wheel."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StubsHook(BuildHookInterface[Any]):
    """Runs proto/build_stubs.py before a wheel, standard or editable, is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generates into `build/`. An editable install reads it there; a wheel takes a copy."""
        root = Path(self.root)
        spec = importlib.util.spec_from_file_location("build_stubs", root / "proto" / "build_stubs.py")
        assert spec is not None and spec.loader is not None
        build_stubs = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(build_stubs)
        build_stubs.build(root)
        if version == "standard":
            stubs = root / "build" / "stubs"
            build_data["force_include"] = {str(stubs / package): package for package in ("tashika", "buf")}
