"""The limits of the step format and of the recorder."""

from __future__ import annotations

MAX_INT = 2**31 - 1
"""The highest integer of a field, such as `step_number` and `duration_ms`."""

MAX_LINE_BYTES = 16 * 1024 * 1024
"""The size of a record in the outbox."""

MAX_SHIPPED_BYTES = 8 * 1024 * 1024
"""The size of a record that the shipper delivers; the shipper shortens longer steps."""

MAX_DEPTH = 100
"""Nested objects and arrays within a field. The step format allows 200 within a record."""

MAX_VALUES = 100_000
"""JSON values in one record: nested lists with shared elements could grow exponentially."""

MAX_KEY_CHARS = 10_000
MAX_STEP_TYPE_CHARS = 100
MAX_NAME_CHARS = 200
"""The length of an experiment, a case id, an evaluator and its version."""

MAX_VERDICT_NAME_CHARS = 100
MAX_PIXELS = 16_000_000
"""The size of an image that the recorder decodes: six times the screen of a phone."""

MAX_IMAGE_BYTES = 64 * 1024 * 1024
"""The size of the file of a screenshot."""

DEFAULT_MAX_QUEUED_STEPS = 10_000
DEFAULT_MAX_QUEUED_BYTES = 64 * 1024 * 1024
DEFAULT_MAX_OUTBOX_BYTES = 2 * 1024**3
MIN_OUTBOX_BYTES = 1024 * 1024
