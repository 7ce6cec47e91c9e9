"""The parameters of sam-template.yaml and the values that they allow."""
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from .errors import Stop

FRACTIONAL = ("DatabaseMinCapacity", "DatabaseMaxCapacity")  # the other numbers are counts, days or connections


def text(value: Any) -> str:
    """Returns a scalar of YAML as CloudFormation reads it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Parameter:
    def __init__(self, name: str, declaration: Mapping[str, Any]) -> None:
        self.name = name
        self.default = text(declaration["Default"]) if "Default" in declaration else None
        self._declaration = declaration

    def rejection(self, value: str) -> str | None:
        """Returns what the parameter allows if it does not allow a value, and otherwise None."""
        declaration = self._declaration
        if "AllowedValues" in declaration:
            allowed = [text(each) for each in declaration["AllowedValues"]]
            return None if value in allowed else f"one of {', '.join(allowed)}"
        if declaration["Type"] == "Number":
            return self._number_rejection(value)
        if len(value) < declaration.get("MinLength", 0):
            return "a value that is not empty"
        pattern = declaration.get("AllowedPattern")
        return None if pattern is None or re.fullmatch(pattern, value) else f"a value that matches {pattern}"

    def _number_rejection(self, value: str) -> str | None:
        low, high = self._declaration.get("MinValue"), self._declaration.get("MaxValue")
        is_fractional = self.name in FRACTIONAL
        if re.fullmatch(r"-?\d+(\.\d+)?" if is_fractional else r"-?\d+", value):
            number = float(value)
            if (low is None or low <= number) and (high is None or number <= high):
                return None
        return "".join(("a number" if is_fractional else "a whole number", "" if low is None else f" from {low}",
                        "" if high is None else f" to {high}"))


@dataclass(frozen=True)
class Template:
    parameters: Mapping[str, Parameter]
    retained: frozenset[str]  # logical ids of the resources that CloudFormation keeps when it deletes the stack

    @staticmethod
    def read(path: Path) -> "Template":
        source = yaml_parse(path.read_text(encoding="utf-8"))
        return Template({name: Parameter(name, declaration) for name, declaration in source["Parameters"].items()},
                        frozenset(name for name, resource in source["Resources"].items()
                                  if str(resource.get("DeletionPolicy")).startswith("Retain")))

    def check(self, values: Mapping[str, str]) -> None:
        """Checks values against what the template allows, which CloudFormation checks only when the functions are uploaded."""
        for name, value in values.items():
            allowed = self.parameters[name].rejection(value) if name in self.parameters else None
            if allowed:
                raise Stop(f"{name}='{value}' is not allowed. Use {allowed}: --set {name}=…")

    def check_names(self, names: Mapping[str, str]) -> None:
        for name in names:
            if name not in self.parameters:
                raise Stop(f"--set {name}: sam-template.yaml has no such parameter. Its parameters: {', '.join(self.parameters)}.")
            if name == "ReleaseDigest":
                raise Stop("--set ReleaseDigest: infra/deploy computes this parameter.")
