"""Images within the texts of records."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from conftest import TrackerFactory
from pictures import PNG, encoded
from recorded import RecordedOutbox
from steptrail import ModelCall, Screenshot, Tracker
from steptrail._embedded_images import replace_images
from steptrail._screenshots import capture

TEXT = base64.b64encode(PNG).decode()
OTHER = base64.b64encode(encoded(width=9)).decode()
WRAPPED = "\n".join(TEXT[i : i + 76] for i in range(0, len(TEXT), 76))
JPEG = "/9j/" + "AbC+" * 20
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
        (f"DATA:Image/PNG;BASE64,{TEXT}", {"frame": "before"}),
        (f"data:application/octet-stream;base64,{TEXT}", {"frame": "before"}),
        (f"\n{WRAPPED}\n", {"frame": "before"}),
        (f"see {WRAPPED}\nor not", "see [image]\nor not"),
        (json.dumps({"image": TEXT}), '{"image": "[image]"}'),
        (json.dumps(json.dumps({"image": JPEG})), '"{\\"image\\": \\"[image]\\"}"'),
        (r'{"image": "\/9j\/' + "ab\\/" * 40 + '"}', '{"image": "[image]"}'),
        ("/9j/is/a/folder", "/9j/is/a/folder"),
        (5, 5),
        ([{"url": URL + TEXT}], [{"url": {"frame": "before"}}]),
    ],
)
@pytest.mark.parametrize("source", [PNG, Screenshot.from_base64(TEXT), bytearray(PNG)])
def test_images_are_replaced(value: Any, expected: Any, source: Any) -> None:
    screenshots = [capture(b"other", "after", False), capture(source, "before", False)]

    assert replace_images(value, screenshots) == expected


def test_step_refers_to_its_frame(new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
    content = [{"type": "image_url", "image_url": {"url": URL + TEXT}}]
    tracker = new_tracker(record_model_calls=True)
    tracker.task("x").step(
        before=PNG, model_call=ModelCall(input=[{"role": "user", "content": content}])
    )
    tracker.flush()

    [message] = outbox.task.steps[0]["model_input"]
    assert message["content"] == [{"type": "image_url", "image_url": {"url": {"frame": "before"}}}]


def test_no_text_contains_an_image(tracker: Tracker, outbox: RecordedOutbox) -> None:
    action = {"action": "Tap", "screen": URL + TEXT}
    task = tracker.task("look at " + URL + TEXT, metadata=action, attributes=action)
    task.step(action, thinking=TEXT, error_message=f"not {URL}{TEXT}", action_result=action)
    task.step(action, before=PNG)
    task.fail(TEXT)
    task.verdict("fail", evaluator="judge", reason=TEXT)
    tracker.close()

    recorded = outbox.task
    omitted = {"action": "Tap", "screen": {"omitted": "image", "bytes": len(TEXT) // 4 * 3}}
    assert recorded.start["description"] == "look at [image]"
    assert recorded.start["metadata"] == recorded.start["attributes"] == omitted
    first, second = recorded.steps
    assert first["action"] == first["action_result"] == omitted
    assert (first["thinking"], first["error_message"]) == ("[image]", "not [image]")
    assert second["action"] == {"action": "Tap", "screen": {"frame": "before"}}
    assert recorded.end["message"] == "[image]"
    assert outbox.verdicts[0]["reason"] == "[image]"


def test_images_in_output_are_replaced(new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
    tracker = new_tracker(record_model_calls=True)
    tracker.task("x").step(model_call=ModelCall(output=URL + TEXT))
    tracker.flush()

    assert outbox.task.steps[0]["model_output"]["omitted"] == "image"


def test_large_text_is_searched_fast() -> None:
    """A backtracking expression would take minutes."""
    text = "data:" * 100_000 + "/9j/" * 100_000 + " iVBORw0KGgo" * 100_000 + "base64,"

    assert len(replace_images(text)) <= len(text)
