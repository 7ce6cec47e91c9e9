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


def is_true(condition: Any, values: Mapping[str, Any], conditions: Mapping[str, Any]) -> bool:
    """Evaluates a condition, whose operands are parameters and literals.

    values, conditions -- those of the template, by name
    """
    if isinstance(condition, bool):
        return condition
    (function, argument), = condition.items()
    if function == "Condition":
        return is_true(conditions[argument], values, conditions)
    if function == "Fn::Equals":
        left, right = (values[side["Ref"]] if isinstance(side, dict) else side for side in argument)
        return text(left) == text(right)
    if function == "Fn::Not":
        return not is_true(argument[0], values, conditions)
    operands = (is_true(each, values, conditions) for each in argument)
    if function == "Fn::And":
        return all(operands)
    if function == "Fn::Or":
        return any(operands)
    raise ValueError(f"unknown function {function}")


@dataclass(frozen=True)
class Template:
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, Any]
    retained: frozenset[str]  # logical ids of the resources that CloudFormation keeps when it deletes the stack

    @staticmethod
    def read(path: Path) -> "Template":
        source = yaml_parse(path.read_text(encoding="utf-8"))
        return Template({name: Parameter(name, declaration) for name, declaration in source["Parameters"].items()},
                        source.get("Rules", {}),
                        frozenset(name for name, resource in source["Resources"].items()
                                  if str(resource.get("DeletionPolicy")).startswith("Retain")))

    def check(self, values: Mapping[str, str]) -> None:
        """Checks values against what the template allows, which CloudFormation checks only when the functions are uploaded."""
        for name, value in values.items():
            allowed = self.parameters[name].rejection(value) if name in self.parameters else None
            if allowed:
                raise Stop(f"{name}='{value}' is not allowed. Use {allowed}: --set {name}=…")

    def broken_rules(self, values: Mapping[str, str]) -> list[str]:
        """Returns the descriptions of the rules that values break, with the defaults of the others."""
        complete = {name: values.get(name, parameter.default) for name, parameter in self.parameters.items()}
        return [assertion["AssertDescription"] for rule in self.rules.values() if is_true(rule["RuleCondition"], complete, {})
                for assertion in rule["Assertions"] if not is_true(assertion["Assert"], complete, {})]

    def check_names(self, names: Mapping[str, str]) -> None:
        for name in names:
            if name not in self.parameters:
                raise Stop(f"--set {name}: sam-template.yaml has no such parameter. Its parameters: {', '.join(self.parameters)}.")
            if name == "ReleaseDigest":
                raise Stop("--set ReleaseDigest: infra/deploy computes this parameter.")
