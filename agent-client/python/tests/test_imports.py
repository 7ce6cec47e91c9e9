"""No module imports itself through others: types go from lower modules to higher ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import steptrail

PACKAGE = Path(steptrail.__file__).parent


def modules(package: Path) -> dict[str, Path]:
    """The files of a package by the names of their modules."""
    names = {}
    for file in package.rglob("*.py"):
        parts = file.relative_to(package.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return names


def imports(name: str, file: Path, known: set[str]) -> Iterator[str]:
    """The modules that a file imports anywhere, also in functions and for type checkers."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*parents, *([node.module] if node.module else [])])
            base = source if node.level else node.module or ""
            for alias in node.names:  # a module of a package, or something that a module defines
                imported = f"{base}.{alias.name}"
                yield from ([imported] if imported in known else [base] if base in known else [])


def graph(package: Path) -> dict[str, set[str]]:
    files = modules(package)
    return {name: set(imports(name, file, set(files))) for name, file in files.items()}


def test_modules_have_no_import_cycle() -> None:
    found = graph(PACKAGE)

    assert found["steptrail._tracker"] >= {"steptrail._recorder", "steptrail._decorator"}
    TopologicalSorter(found).prepare()  # raises CycleError


@pytest.mark.parametrize(
    "source",
    [
        "from ._b import B",
        "from . import _b",
        "import package._b",
        "from package._b import B",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ._b import B",
        "def f():\n    from ._b import B",
    ],
)
def test_each_kind_of_import_is_found(tmp_path: Path, source: str) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_a.py").write_text(source)
    (package / "_b.py").write_text("from ._a import A")

    with pytest.raises(CycleError):
        TopologicalSorter(graph(package)).prepare()
