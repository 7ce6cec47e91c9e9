"""The JSON Schema of records."""

from __future__ import annotations

import json
from typing import Any, cast


def record_schema() -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of the records in an outbox."""
    from importlib.resources import files

    schema = files(__package__).joinpath("step-record.schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(schema))
