"""Images in what a model received and returned."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from conftest import TrackerFactory
from pictures import PNG, encoded
from recorded import RecordedOutbox
from steptrail import ModelCall, Screenshot, _model_images
from steptrail._screenshots import capture

TEXT = base64.b64encode(PNG).decode()
OTHER = base64.b64encode(encoded(width=9)).decode()
URL = "data:image/png;base64,"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (URL + TEXT, {"frame": "before"}),
        (TEXT, {"frame": "before"}),
        (URL + OTHER, {"omitted": "image", "bytes": len(OTHER) // 4 * 3}),
        (f"see {URL}{TEXT} and {URL}{OTHER}.", "see [image] and [image]."),
        ('{\\"url\\": \\"data:image/jpeg;base64,ab\\/cd\\"}', '{\\"url\\": \\"[image]\\"}'),
        ("iVBORw0KGgo", "iVBORw0KGgo"),
        ("data:image/svg+xml,<svg/>", "data:image/svg+xml,<svg/>"),
        ("text", "text"),
        (5, 5),
        ([{"url": URL + TEXT}], [{"url": {"frame": "before"}}]),
    ],
)
@pytest.mark.parametrize("source", [PNG, Screenshot.from_base64(TEXT), bytearray(PNG)])
def test_images_are_replaced(value: Any, expected: Any, source: Any) -> None:
    screenshots = [capture(b"other", "after", False), capture(source, "before", False)]

    assert _model_images.replace_images(value, screenshots) == expected


def test_step_refers_to_its_frame(new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
    content = [{"type": "image_url", "image_url": {"url": URL + TEXT}}]
    tracker = new_tracker(record_model_calls=True)
    tracker.task("x").step(
        before=PNG, model_call=ModelCall(input=[{"role": "user", "content": content}])
    )
    tracker.flush()

    [message] = outbox.task.steps[0]["model_input"]
    assert message["content"] == [{"type": "image_url", "image_url": {"url": {"frame": "before"}}}]
