"""Redaction of texts and screenshots."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from conftest import TrackerFactory
from pictures import PNG, decoded, encoded, image, png
from recorded import RecordedOutbox
from steptrail import ModelCall, Region, Screenshot, ScreenshotContext


def remove_digits(text: str) -> str:
    return "".join("#" if char.isdigit() else char for char in text)


def test_texts_are_redacted(new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
    tracker = new_tracker(redact_text=remove_digits, record_model_calls=True)
    task = tracker.task("call 123", metadata={"phone": 123}, attributes={"a": ["4"]})
    task.step(
        {"action": "Type", "text": "pin 1234", "key5": 99, "ok": True, "none": None},
        thinking="7",
        action_result={"n": 1.5},
        error_message="8",
        model_call=ModelCall(input=[{"content": "9"}], output="10"),
    )
    task.verdict("pass", evaluator="judge1", reason="11")
    task.succeed("12")
    tracker.flush()

    recorded = outbox.task
    assert recorded.start["description"] == "call ###"
    assert recorded.start["metadata"] == {"phone": "###"}
    assert recorded.start["attributes"] == {"a": ["#"]}
    [step] = recorded.steps
    assert step["action"] == {
        "action": "Type",
        "text": "pin ####",
        "key5": "##",
        "ok": True,
        "none": None,
    }
    assert step["action_result"] == {"n": "#.#"}
    assert (step["thinking"], step["error_message"]) == ("#", "#")
    assert step["model_input"] == [{"content": "#"}]
    assert step["model_output"] == "##"
    assert recorded.end["message"] == "##"
    assert (outbox.verdicts[0]["reason"], outbox.verdicts[0]["evaluator"]) == ("##", "judge1")


@pytest.mark.parametrize("error", [ValueError("secret"), SystemExit("secret"), None])
def test_failing_redactor_withholds_only_its_field(
    new_tracker: TrackerFactory,
    outbox: RecordedOutbox,
    error: BaseException | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def redact(text: str) -> Any:
        if "secret" not in text:
            return text
        if error is None:
            return 5
        raise error

    tracker = new_tracker(redact_text=redact)
    task = tracker.task("secret task")
    task.step({"text": "secret"}, thinking="fine")
    task.succeed("secret message")
    tracker.flush()
    tracker.close()

    assert outbox.task.start["withheld_fields"] == ["description"]
    [step] = outbox.task.steps
    assert step["withheld_fields"] == ["action"]
    assert step["thinking"] == "fine"
    assert outbox.task.end["withheld_fields"] == ["message"]
    assert tracker.stats().withheld_texts == 3
    assert "secret" not in (outbox.task.folder / "steps.jsonl").read_text()
    assert "secret" not in caplog.text


def test_text_redacted_to_none_is_null(new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
    tracker = new_tracker(redact_text=lambda text: None)
    tracker.task("x").step(thinking="hm")
    tracker.flush()

    assert outbox.task.steps[0]["thinking"] is None


def blacked_out(mode: str = "RGB") -> bytes:
    expected = image(mode)
    black: Any = {"L": 0, "LA": (0, 255), "RGB": (0, 0, 0), "RGBA": (0, 0, 0, 255)}[mode]
    expected.paste(black, (1, 2, 4, 5))
    return expected.tobytes()


@pytest.mark.parametrize("has_pillow", [True, False])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_regions_are_blacked_out(
    new_tracker: TrackerFactory, outbox: RecordedOutbox, has_pillow: bool, mode: str
) -> None:
    source = encoded("PNG", mode)
    tracker = new_tracker(redact_screenshot=[(1, 2, 3, 100)])
    with pytest.MonkeyPatch.context() as patch:
        if not has_pillow:
            patch.setitem(sys.modules, "PIL", None)
        tracker.task("x").step(before=source)
        tracker.flush()

    [frame] = outbox.task.steps[0]["frames"]
    assert frame["redacted_regions"] == [{"x": 1, "y": 2, "width": 3, "height": 3}]
    assert decoded(outbox.task.frame(frame)).tobytes() == blacked_out(mode)


def test_redactor_gets_png_and_context(new_tracker: TrackerFactory, outbox: RecordedOutbox) -> None:
    calls: list[tuple[bytes, ScreenshotContext]] = []

    def redact(png: bytes, context: ScreenshotContext) -> list[Region]:
        calls.append((png, context))
        return [Region(0, 0, 1, 1)] if context.sensitive else []

    tracker = new_tracker(redact_screenshot=redact)
    task = tracker.task("x")
    task.step("Tap", thinking="hm", before=PNG, after=Screenshot(PNG, sensitive=True))
    tracker.flush()

    assert [png for png, _ in calls] == [PNG, PNG]
    assert calls[1][1] == ScreenshotContext(
        task_id=task.id,
        step_number=1,
        step_type="action",
        role="after",
        sensitive=True,
        thinking="hm",
        action={"action": "Tap"},
    )
    before, after = outbox.task.steps[0]["frames"]
    assert outbox.task.frame(before) == PNG
    assert "redacted_regions" not in before
    assert after["redacted_regions"] == [{"x": 0, "y": 0, "width": 1, "height": 1}]


def test_regions_of_screenshot_are_blacked_out(
    new_tracker: TrackerFactory, outbox: RecordedOutbox
) -> None:
    tracker = new_tracker(redact_screenshot=lambda png, context: [(3, 3, 1, 1)])
    tracker.task("x").step(before=Screenshot(PNG, redact=[(1, 1, 1, 1), (90, 90, 1, 1)]))
    tracker.flush()

    [frame] = outbox.task.steps[0]["frames"]
    assert [region["x"] for region in frame["redacted_regions"]] == [1, 3]


def test_redactor_may_replace_or_withhold(
    new_tracker: TrackerFactory, outbox: RecordedOutbox
) -> None:
    replacement = encoded(width=2, height=2)
    tracker = new_tracker(
        redact_screenshot=lambda png, context: replacement if context.role == "before" else None
    )
    tracker.task("x").step(before=PNG, after=PNG)
    tracker.flush()

    [frame] = outbox.task.steps[0]["frames"]
    assert outbox.task.frame(frame) == replacement
    assert (frame["width"], frame["height"]) == (2, 2)
    assert tracker.stats().dropped_screenshots == {"withheld": 1}


@pytest.mark.parametrize(
    "redact",
    [
        lambda png, context: 1 / 0,
        lambda png, context: sys.exit(1),
        lambda png, context: [(1, 2, 3)],
        lambda png, context: [(0.5, 0, 1, 1)],
        lambda png, context: b"not a png",
        lambda png, context: "text",
    ],
)
def test_failing_redactor_drops_the_screenshot(
    new_tracker: TrackerFactory, outbox: RecordedOutbox, redact: Any
) -> None:
    tracker = new_tracker(redact_screenshot=redact)
    tracker.task("x").step(before=PNG, thinking="hm")
    tracker.flush()

    [step] = outbox.task.steps
    assert step["thinking"] == "hm"
    assert "frames" not in step
    assert tracker.stats().dropped_screenshots == {"redaction_failed": 1}
    assert list((outbox.task.folder / "frames").iterdir()) == []


def test_image_that_cannot_be_redacted_is_dropped(
    new_tracker: TrackerFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    tracker = new_tracker(redact_screenshot=[(0, 0, 1, 1)])
    tracker.task("x").step(before=png(2, 2, 2, bytes(14), interlaced=1))
    tracker.flush()

    assert tracker.stats().dropped_screenshots == {"redaction_failed": 1}


@pytest.mark.parametrize(
    "settings",
    [
        {"redact_text": "x"},
        {"redact_screenshot": [(1, 2)]},
        {"redact_screenshot": 5},
        {"redact_screenshot": [("a", 1, 2, 3)]},
    ],
)
def test_invalid_redactor_is_rejected(
    new_tracker: TrackerFactory, settings: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match="redact"):
        new_tracker(**settings)


def test_redactor_cannot_change_the_record(
    new_tracker: TrackerFactory, outbox: RecordedOutbox
) -> None:
    def redact(png: bytes, context: ScreenshotContext) -> bytes:
        assert context.action is not None
        context.action["element"].clear()
        return png

    tracker = new_tracker(redact_screenshot=redact)
    tracker.task("x").step({"action": "Tap", "element": [1, 2]}, before=PNG)
    tracker.flush()

    assert outbox.task.steps[0]["action"] == {"action": "Tap", "element": [1, 2]}
    assert len(outbox.task.steps[0]["frames"]) == 1
