"""Copies the JSON Schema of records into the package before a wheel or an sdist is built."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCHEMA = "step-record.schema.json"
STEP_FORMAT = Path("step-format/src/main/resources/dev/steptrail/stepformat")


class CopySchema(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        copy = Path(self.root, "src/steptrail", SCHEMA)
        original = Path(self.root).parent / STEP_FORMAT / SCHEMA
        if original.exists():
            shutil.copyfile(original, copy)
        elif not copy.exists():  # an sdist contains the copy
            raise FileNotFoundError(f"{original} is missing: build from a checkout or an sdist")
