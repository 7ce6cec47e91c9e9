"""Records as lines of JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorded import SCHEMA_FILE, check
from steptrail import _records, record_schema
from steptrail._errors import RecordRejected
from steptrail._ids import is_task_id, uuid7
from steptrail._step_record import StepFields, build
from steptrail._task_record import end_fields, started, verdict
from steptrail._usage import ModelCall
from test_values import anything

TASK = "0190163d-8694-739b-aea5-966c26f8ad91"
wild = anything | st.sampled_from(["before", "success", -1, 2**31, 10**400, "\ud800", "\x00"])


def assert_valid(record: dict[str, Any]) -> None:
    line = _records.encode(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    check(json.loads(line))


def some(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Returns a strategy for arguments with up to three wild values."""
    return st.dictionaries(st.sampled_from(names), wild, max_size=3)


@given(some(*StepFields.__annotations__))
def test_any_step_matches_the_schema(arguments: Any) -> None:
    step = build(arguments, (), True)
    record = {**_records.create("step", TASK), "step_number": 1, **step.fields}

    assert_valid(record)


@given(wild, wild, wild, st.floats() | st.none())
def test_any_model_call_matches_the_schema(
    usage: Any, given_input: Any, output: Any, duration: Any
) -> None:
    call = ModelCall(usage=usage, input=given_input, output=output, duration=duration)
    step = build({"model_call": call}, (), True)

    assert_valid({**_records.create("step", TASK), "step_number": 1, **step.fields})


START: dict[str, Any] = dict.fromkeys(
    ("experiment", "case_id", "repeat", "attributes", "metadata", "previous_task_id"), None
)


@given(some(*START, "tags", "description", "agent"))
def test_any_start_matches_the_schema(arguments: Any) -> None:
    record, size, _ = started(TASK, **{**START, "tags": (), **arguments})

    assert size > 0
    assert_valid(record)


@given(wild, wild, wild)
def test_any_end_matches_the_schema(status: Any, end_reason: Any, message: Any) -> None:
    fields, *_ = end_fields(status, end_reason, message)

    assert_valid({**_records.create("task_ended", TASK), **fields})


@given(wild, wild, wild, wild, wild)
def test_any_verdict_matches_the_schema_or_is_invalid(
    value: Any, evaluator: Any, name: Any, version: Any, reason: Any
) -> None:
    try:
        record, _ = verdict(TASK, value, evaluator, name, version, reason)
    except ValueError:
        return
    assert_valid(record)


class TestText:
    def test_lone_surrogates_are_replaced_and_counted(self) -> None:
        record = json.loads(_records.encode({"k\udc00": "a\ud800b", "pair": "\ud83d\ude00"}))

        assert record == {"k\ufffd": "a\ufffdb", "pair": "😀", "replaced_characters": 2}

    def test_replacement_characters_of_the_agent_are_not_counted(self) -> None:
        record = json.loads(_records.encode({"a": "\ufffd\ud800"}))

        assert record["replaced_characters"] == 1

    @given(st.dictionaries(st.text(), st.text()))
    def test_storable_text_is_unchanged(self, record: dict[str, str]) -> None:
        assert json.loads(_records.encode(record)) == record

    @given(st.text(st.characters()))
    def test_replaced_characters_are_all_lone_surrogates(self, text: str) -> None:
        record = json.loads(_records.encode({"t": text}))

        lone = sum(0xD800 <= ord(char) <= 0xDFFF for char in _joined(text))
        assert record.get("replaced_characters", 0) == lone


def _joined(text: str) -> str:
    """Joins pairs of surrogates."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


class TestShortening:
    def step(self, **fields: Any) -> dict[str, Any]:
        return {**_records.create("step", TASK), "step_number": 1, "step_type": "action", **fields}

    def shortened(self, max_bytes: int, **fields: Any) -> dict[str, Any]:
        line = _records.encode(self.step(**fields), max_bytes)
        assert len(line) <= max_bytes
        record: dict[str, Any] = json.loads(line)
        check(record)
        return record

    def test_large_text_keeps_its_beginning(self) -> None:
        record = self.shortened(2_000_000, thinking="思" * 2_000_000, action={"action": "Tap"})

        assert record["thinking"] == "思" * 4000
        assert record["invalid_fields"] == ["thinking"]
        assert record["action"] == {"action": "Tap"}

    def test_largest_values_are_removed_until_short_enough(self) -> None:
        record = self.shortened(
            2000,
            model_input="x" * 3000,
            model_output="y" * 100,
            action={"a": "z" * 900},
            invalid_fields=["usage"],
        )

        assert record["invalid_fields"] == ["usage", "model_input"]
        assert record["model_output"] == "y" * 100
        assert "model_input" not in record

    def test_start_is_shortened(self) -> None:
        record = {**_records.create("task_started", TASK), "metadata": {"x": "y" * 5000}}

        shortened = json.loads(_records.encode(record, 1000))

        assert shortened["invalid_fields"] == ["metadata"]

    def test_record_that_remains_too_long_is_rejected(self) -> None:
        with pytest.raises(RecordRejected, match="bytes; the maximum is 1000"):
            _records.encode({**self.step(), "step_type": "x" * 2000}, 1000)

    def test_value_that_is_no_json_is_rejected(self) -> None:
        with pytest.raises(RecordRejected):
            _records.encode(self.step(x_custom=object()))


class TestIds:
    def test_uuid7_sorts_by_time(self) -> None:
        ids = [uuid7() for _ in range(50)]

        assert len(set(ids)) == 50
        assert all(map(is_task_id, ids))
        assert [text[:8] for text in ids] == sorted(text[:8] for text in ids)

    @pytest.mark.parametrize(
        "text", ["", "x", TASK.upper(), f"{{{TASK}}}", TASK.replace("-", ""), 5]
    )
    def test_other_texts_are_no_ids(self, text: object) -> None:
        assert not is_task_id(text)


class TestSchema:
    def test_of_package_is_that_of_the_step_format(self) -> None:
        if not SCHEMA_FILE.exists():
            pytest.skip("not in a checkout")
        assert record_schema() == json.loads(SCHEMA_FILE.read_text())


GOLDEN = Path(__file__).resolve().parents[2] / "step-format/src/test/resources/golden"


@pytest.mark.skipif(not GOLDEN.exists(), reason="not in a checkout")
class TestGolden:
    def test_lines_of_java_are_valid_and_encode_to_themselves(self) -> None:
        lines = (GOLDEN / "java.jsonl").read_bytes().splitlines(keepends=True)

        assert len(lines) >= 5
        for line in lines:
            record = json.loads(line)
            check(record)
            assert json.loads(_records.encode(record)) == record

    def test_lines_of_this_recorder_are_unchanged(self) -> None:
        """`UPDATE_GOLDEN=1` updates the file, which Java's GoldenRecordsTest reads."""
        lines = b"".join(map(_records.encode, _golden_records()))
        if os.environ.get("UPDATE_GOLDEN"):
            (GOLDEN / "python.jsonl").write_bytes(lines)

        assert (GOLDEN / "python.jsonl").read_bytes() == lines


def _golden_records() -> list[dict[str, Any]]:
    start, _, _ = started(
        TASK,
        description="查一下今天的天气",
        agent="my-agent",
        model="autoglm-phone-9b",
        device_id="emulator-5554",
        name="weather",
        experiment="nightly/weather",
        case_id="weather-1",
        repeat=2,
        attributes={"app_version": "8.1"},
        metadata={"lab": "north"},
        tags=["smoke"],
        previous_task_id="019b1ed6-ce02-7a41-b1c5-2f8a90d3e671",
    )
    step = build(
        {
            "action": {"action": "Tap", "element": [499, 842]},
            "thinking": "half a pair: \ud83d",
            "action_result": {"success": False, "ratio": 0.5, "large": 2**70},
            "success": False,
            "error_message": "App not found: 天气",
            "usage": {"prompt_tokens": 1200, "completion_tokens": 34},
            "model_call": ModelCall(
                duration=2.3, time_to_first_token=0.41, input=[{"role": "user"}], output="Tap"
            ),
            "timings": {"action": 0.82},
            "resources": {"memory": 1.5},
            "current_app": "天气",
            "duration": 3.12,
        },
        (),
        True,
    )
    frame = {"role": "before", "file": "frames/1-before.png", "width": 1080, "height": 2400}
    region = {"x": 0, "y": 0, "width": 1080, "height": 90}
    end, *_ = end_fields("failed", "max_steps", "There is no weather app.")
    judged, _ = verdict(TASK, 0.75, "judge", "quality", "1.2", "the app is missing")
    records = [
        start,
        {
            **_records.create("step", TASK),
            "step_number": 1,
            **step.fields,
            "frames": [{**frame, "sensitive": True, "redacted_regions": [region]}],
        },
        {**_records.create("losses", TASK), "dropped_screenshots": {"not_an_image": 1}},
        {**_records.create("task_ended", TASK), **end, "last_step_number": 1},
        judged,
    ]
    for second, record in enumerate(records):
        record["timestamp"] = f"2026-01-02T03:04:{second:02}.000500+00:00"
    return records
