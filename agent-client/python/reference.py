"""Writes the API reference of the installed package as web pages.

Usage: python reference.py FOLDER
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path
from typing import Any

import pdoc
import pdoc.render

import steptrail
from steptrail.client import AsyncItems, Items

MODULES = (
    "steptrail",
    "steptrail.client",
    "steptrail.integrations",
    r"!steptrail\.integrations\._.*",
    "steptrail.pytest_plugin",
)
"""With their public submodules, except those of `steptrail`, whose names are in its `__all__`."""

INTERNAL: tuple[Any, ...] = (steptrail.Task, steptrail.Step, Items, AsyncItems)
"""Classes of which only the package creates objects."""

_PARAMETER = re.compile(r"^(\w+(?:, \w+)*): ", re.MULTILINE)
_to_html = pdoc.render.env.filters["to_html"]


def docstring_to_html(docstring: str) -> Any:
    """Converts a docstring to HTML, with its parameters as a list."""
    return _to_html(_PARAMETER.sub(r"- **\1**: ", docstring))


def main(folder: Path) -> None:
    # Annotations that need a type of a later Python or of numpy or Pillow are shown as text.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"pdoc\.doc_types")
    for each in INTERNAL:
        each.__init__.__doc__ = "@private"
    pdoc.render.env.filters["to_html"] = docstring_to_html
    pdoc.render.configure(docformat="markdown", show_source=False)
    pdoc.pdoc(*MODULES, output_directory=folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
