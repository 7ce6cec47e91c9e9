"""Copies the JSON Schema of records into the package before a wheel or an sdist is built, and adds
the links of its metadata.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

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


class AddLinks(MetadataHookInterface):
    """Sets the project's URLs and makes the links of the README absolute, if `STEPTRAIL_URL` is the
    address of the repository. Only the release workflow knows the address.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        url = os.environ.get("STEPTRAIL_URL", "")
        if url:
            files = f"{url}/blob/HEAD"
            readme = readme.replace("](../../", f"]({files}/")
            metadata["urls"] = {
                "Documentation": f"{files}/docs/record-from-python.md",
                "Source": url,
                "Changelog": f"{files}/CHANGELOG.md",
                "Issues": f"{url}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": readme}
