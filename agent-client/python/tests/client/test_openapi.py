"""Holds the models and the parameters of the client to `infra/openapi.yaml`, in both directions."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
import yaml

from steptrail.client import AsyncClient, Client, models

FILE = Path(__file__).resolve().parents[4] / "infra" / "openapi.yaml"
if not FILE.exists():
    pytest.skip("infra/openapi.yaml is only in a checkout", allow_module_level=True)
API: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))

MODELS: dict[type, list[str]] = {
    models.Task: ["Task", "ListedTask"],
    models.Report: ["Report"],
    models.Step: ["Step"],
    models.Screenshot: ["Screenshot"],
    models.Attachment: ["Attachment"],
    models.Verdict: ["Verdict"],
    models.Label: ["Label"],
    models.Note: ["Note"],
    models.ExperimentSummary: ["ExperimentPage/properties/experiments/items"],
    models.Experiment: ["Experiment"],
    models.Stats: ["Stats"],
    models.Insight: ["Insight"],
    models.Caller: ["Caller"],
}
"""The schemas that a model combines. Models in their fields are compared, too."""

OPERATIONS: dict[str, list[str]] = {
    "listTasks": ["tasks"],
    "getTask": ["task"],
    "listSteps": ["steps"],
    "getReport": ["report", "report_file"],
    "listScreenshots": ["screenshots"],
    "getScreenshot": ["screenshot", "screenshot_bytes"],
    "getAttachment": ["attachment", "attachment_value"],
    "getTaskAttachment": ["task_attachment", "task_attachment_value"],
    "listVerdicts": ["verdicts"],
    "setVerdict": ["set_verdict"],
    "deleteVerdict": ["delete_verdict"],
    "addTag": ["add_tag"],
    "removeTag": ["remove_tag"],
    "listLabels": ["labels"],
    "addLabel": ["add_label"],
    "removeLabel": ["remove_label"],
    "listNotes": ["notes"],
    "addNote": ["add_note"],
    "editNote": ["edit_note"],
    "deleteNote": ["delete_note"],
    "listExperiments": ["experiments"],
    "getExperiment": ["experiment"],
    "sumStats": ["stats"],
    "listInsights": ["insights"],
    "getCaller": ["caller"],
}

NOT_IN_THE_CLIENT = {
    *("exportTask", "exportTasks", "keepTask", "deleteTask", "listTaskValues"),
    *("changeTags", "setVerdicts", "getJob"),
    *("createShare", "listShares", "revokeShare"),
    *("getSharedTask", "listSharedSteps", "getSharedReport"),
    *("listSharedScreenshots", "getSharedScreenshot", "getSharedAttachment"),
    "getSharedTaskAttachment",
    *("listAudit", "listPrices", "getSignIn", "getHealth"),
}
"""Operations for the command line and the viewer, besides those below `/api/admin`."""

NAMES = {"limit": "page_size", "metadata.*": "metadata"}
NOT_PARAMETERS = {"cursor", "redirect", "If-None-Match"}
ADDED = {"limit", "max_bytes", "max_wait"}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in API["paths"].items():
        if not path.startswith("/api/admin"):
            yield from ((operation["operationId"], operation) for operation in methods.values())


def parameters(operation: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        lookup(each["$ref"]) if "$ref" in each else each for each in operation.get("parameters", [])
    ]


def resolve(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the schema without references, and combined with those in `allOf`."""
    resolved: dict[str, Any] = {}
    parts = [lookup(schema["$ref"])] if "$ref" in schema else schema.get("allOf", [])
    for part in map(resolve, parts):
        properties = {**resolved.get("properties", {}), **part.get("properties", {})}
        required = [*resolved.get("required", []), *part.get("required", [])]
        resolved = {**resolved, **part, "properties": properties, "required": required}
    own = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
    if "properties" in own:
        own["properties"] = {**resolved.get("properties", {}), **own["properties"]}
    if "required" in own:
        own["required"] = [*resolved.get("required", []), *own["required"]]
    return {**resolved, **own}


def lookup(reference: str) -> Any:
    node: Any = API
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def alternatives(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the schemas of which one applies, each with one type."""
    schema = resolve(schema)
    if "oneOf" in schema:
        return [each for part in schema["oneOf"] for each in alternatives(part)]
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return [{"type": "null"}, *({**schema, "type": kind} for kind in kinds if kind != "null")]
    if None in schema.get("enum", []):
        values = [value for value in schema["enum"] if value is not None]
        return [{"type": "null"}, {**schema, "enum": values}]
    return [schema]


def differences(schema: Mapping[str, Any], hint: Any, where: str) -> Iterator[str]:
    schemas = [each for each in alternatives(schema) if each.get("type") != "null"]
    hints = [each for each in union(hint) if each is not type(None)]
    if hint is Any:
        described = {"type", "enum", "oneOf", "properties"} & schemas[0].keys()
        if described:
            yield f"{where}: the schema has {described}"
        return
    if len(schemas) != len(hints):
        yield f"{where}: {len(schemas)} types in the schema, {hints} in the model"
        return
    for one, other in zip(schemas, hints, strict=True):
        yield from type_differences(one, other, where)


def union(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def type_differences(schema: dict[str, Any], hint: Any, where: str) -> Iterator[str]:
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        yield from field_differences([schema], hint, where)
    elif get_origin(hint) is tuple:
        if schema.get("type") != "array":
            yield f"{where}: {schema.get('type')} in the schema, {hint} in the model"
        else:
            yield from differences(schema["items"], get_args(hint)[0], f"{where}[]")
    elif typing.get_origin(hint) is not None and hint is not Literal and "Mapping" in str(hint):
        if schema.get("type") != "object" or schema.get("properties"):
            yield f"{where}: the schema is not a mapping"
        else:
            values = schema.get("additionalProperties", {})
            yield from differences(
                values if isinstance(values, dict) else {}, get_args(hint)[1], where
            )
    elif expected(schema) != (set(get_args(hint)) if get_origin(hint) is Literal else hint):
        yield f"{where}: {expected(schema)} in the schema, {hint} in the model"


def expected(schema: dict[str, Any]) -> Any:
    """Returns the type or the set of values of a schema for a scalar."""
    if "enum" in schema:
        return set(schema["enum"])
    if (
        schema.get("type") == "string"
        and schema.get("pattern") == API["components"]["schemas"]["Amount"]["pattern"]
    ):
        return Decimal
    kind = {"date-time": datetime, "date": date}.get(schema.get("format", ""))
    scalars = {"string": str, "integer": int, "number": float, "boolean": bool}
    return kind or scalars.get(schema.get("type", ""))


def field_differences(schemas: list[dict[str, Any]], model: type, where: str) -> Iterator[str]:
    """Compares the fields of a model with the properties of the schemas that it combines."""
    reached.add(model)
    hints = get_type_hints(model)
    properties = {name: each for schema in schemas for name, each in schema["properties"].items()}
    properties.pop("next_cursor", None)
    required = set.intersection(*(set(schema.get("required", [])) for schema in schemas))
    open_ended = any(
        schema.get("additionalProperties") is True or "patternProperties" in schema
        for schema in schemas
    ) or model in (models.Screenshot,)
    if open_ended != ("extra" in hints):
        yield f"{where}: additional properties: {open_ended}; extra: {'extra' in hints}"
    fields = {field.name: field for field in dataclasses.fields(model) if field.name != "extra"}
    for name in properties.keys() ^ fields.keys():
        yield f"{where}.{name}: only in the {'schema' if name in properties else 'model'}"
    for name in properties.keys() & fields.keys():
        nullable = any(each.get("type") == "null" for each in alternatives(properties[name]))
        has_default = fields[name].default is not dataclasses.MISSING
        if (name not in required) != has_default:
            yield f"{where}.{name}: required: {name in required}; default: {has_default}"
        is_optional = type(None) in union(hints[name]) or hints[name] is Any
        if (nullable or name not in required) != is_optional:
            yield f"{where}.{name}: can be null or absent, or not, unlike {hints[name]}"
        yield from differences(properties[name], hints[name], f"{where}.{name}")


reached: set[type] = set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_fields_of_a_model_are_those_of_its_schemas(model: type) -> None:
    schemas = [resolve({"$ref": f"#/components/schemas/{name}"}) for name in MODELS[model]]

    assert list(field_differences(schemas, model, model.__name__)) == []


def test_screenshots_of_a_page_have_the_fields_of_a_screenshot() -> None:
    item = resolve(
        API["components"]["schemas"]["ScreenshotPage"]["properties"]["screenshots"]["items"]
    )
    fields = {field.name for field in dataclasses.fields(models.Screenshot)}

    assert fields - item["properties"].keys() == {"step_id", "task_id", "expires_at", "extra"}
    assert item["properties"].keys() <= fields


def test_each_model_is_compared() -> None:
    for model, names in MODELS.items():
        schemas = [resolve({"$ref": f"#/components/schemas/{name}"}) for name in names]
        list(field_differences(schemas, model, model.__name__))
    defined = {each for each in vars(models).values() if dataclasses.is_dataclass(each)}

    # The base classes of the others.
    assert defined - reached == {models.TaskFields}


def test_each_operation_is_in_the_client_or_is_known_not_to_be() -> None:
    assert {name for name, _ in operations()} == OPERATIONS.keys() | NOT_IN_THE_CLIENT


@pytest.mark.parametrize("name", OPERATIONS)
def test_methods_have_the_parameters_of_their_operation(name: str) -> None:
    operation = dict(operations())[name]
    schemas = {
        NAMES.get(parameter["name"], parameter["name"]): parameter["schema"]
        for parameter in parameters(operation)
        if parameter["name"] not in NOT_PARAMETERS
    }
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        schemas |= resolve(body)["properties"]
    if name == "getExperiment":
        del schemas["page_size"]  # the method returns all cases
    hints: dict[str, Any] = {}
    for method in OPERATIONS[name]:
        hints |= get_type_hints(getattr(Client, method))
    hints = {key: hint for key, hint in hints.items() if key not in ADDED | {"return"}}

    assert hints.keys() == schemas.keys()
    for key, hint in hints.items():
        assert literals(hint) == set(values(schemas[key])), key


def values(schema: Mapping[str, Any]) -> Iterator[str]:
    """Returns the values in the enumerations of a parameter, except booleans and JSON."""
    for each in alternatives(schema):
        yield from (
            value for value in each.get("enum", []) if value not in ("true", "false", "json")
        )
        yield from values(each["items"]) if each.get("type") == "array" else ()


def literals(hint: Any) -> set[str]:
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {value for argument in get_args(hint) for value in literals(argument)}


def test_both_clients_have_the_same_methods() -> None:
    blocking, concurrent = public(Client), public(AsyncClient)

    assert blocking.pop("close") == concurrent.pop("aclose")
    assert blocking == concurrent


def public(client: type) -> dict[str, list[str]]:
    members = inspect.getmembers(client, inspect.isfunction)
    return {
        name: list(inspect.signature(member).parameters)
        for name, member in members
        if not name.startswith("_")
    }
