"""Both clients read back what was recorded and shipped, from a real local cloud."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

import httpx
import pytest

from local_cloud import Cloud
from steptrail.client import ApiError, AuthenticationError, DownloadError, NotFoundError

from .adapter import AnyClient, connect
from .recordings import END, EXPERIMENT, MODEL_INPUT, PROMPTS, START, STEPS, Recorded


def test_task_has_what_was_recorded(client: AnyClient, recorded: Recorded) -> None:
    task = client.task(recorded.task)

    assert {name: getattr(task, name) for name in START if name not in ("record", "colour")} == {
        name: value for name, value in START.items() if name not in ("record", "colour")
    }
    extra = task.extra_start_fields
    assert extra is not None
    assert {name: extra[name] for name in extra if name != "attachments"} == {"colour": "blue"}
    assert [each["field"] for each in extra["attachments"]] == ["other_fields"]
    assert (task.status, task.end_reason, task.message) == ("succeeded", "finished", END["message"])
    assert (task.total_steps, task.last_step_number, task.success) == (3, 3, True)
    assert task.owner == "demo"
    assert task.usage is not None
    assert task.usage.input_tokens == 2540
    assert task.started_at.tzinfo == timezone.utc
    assert abs(datetime.now(timezone.utc) - task.started_at) < timedelta(hours=1)


def test_steps_have_what_was_recorded(client: AnyClient, recorded: Recorded) -> None:
    steps = list(client.steps(recorded.task))

    assert [step.step_number for step in steps] == [1, 2, 3]
    first = steps[0]
    for name in (
        "thinking",
        "action",
        "action_result",
        "duration_ms",
        "success",
        "timings",
        "usage",
    ):
        assert getattr(first, name) == STEPS[0][name]
    assert first.extra == {"current_app": "Settings"}
    assert [(each.role, each.sensitive) for each in first.screenshots] == [
        ("before", False),
        ("after", True),
    ]
    assert (first.model_input, first.model_output, first.attachments) == (None, None, None)
    assert steps[1].error_message == "App not found"
    assert steps[2].step_type == "completion"


def test_steps_contain_model_calls_on_request(client: AnyClient, recorded: Recorded) -> None:
    step = next(client.steps(recorded.task, include_model_calls=True))

    assert step.model_output == "tap"
    assert step.attachments is not None
    assert [each.field for each in step.attachments] == ["model_input"]


def test_items_of_all_pages_are_iterated(client: AnyClient, recorded: Recorded) -> None:
    numbers = [step.step_number for step in client.steps(recorded.task, page_size=1, order="desc")]
    tasks = [task.task_id for task in client.tasks(page_size=1)]

    assert numbers == [3, 2, 1]
    assert tasks.index(recorded.other) < tasks.index(recorded.failed) < tasks.index(recorded.task)
    assert len(set(tasks)) == len(tasks)


def test_items_continue_after_a_break(client: AnyClient, recorded: Recorded) -> None:
    steps = client.steps(recorded.task, page_size=1)

    assert next(steps).step_number == 1
    assert [step.step_number for step in steps.to_list()] == [2, 3]


def test_lists_end_at_the_limit(client: AnyClient, recorded: Recorded) -> None:
    def numbers(**options: int) -> list[int]:
        return [step.step_number for step in client.steps(recorded.task, **options)]  # type: ignore[arg-type]

    assert [numbers(limit=limit) for limit in (0, 2, 9)] == [[], [1, 2], [1, 2, 3]]
    assert numbers(limit=2, page_size=1) == [1, 2]
    assert len(client.tasks(limit=1).to_list()) == 1


def test_tasks_and_steps_stand_for_their_ids(client: AnyClient, recorded: Recorded) -> None:
    task = client.task(recorded.task)
    step = next(client.steps(task))

    assert client.task(task) == task
    assert client.report(task).task_id == recorded.task
    assert [shot.step_id for shot in client.screenshots(task)] == [step.step_id] * 2
    assert client.screenshot(step).task_id == recorded.task
    assert client.attachment_value(step) == MODEL_INPUT


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "failed"}, {"failed"}),
        ({"agent": "other-agent"}, {"other"}),
        ({"model": "other-model"}, {"failed"}),
        ({"device_id": "emulator-5554"}, {"task", "failed"}),
        ({"text": "媒体音量"}, {"task", "failed"}),
        ({"experiment": EXPERIMENT}, {"task", "failed"}),
        ({"case_id": "volume/最大"}, {"task"}),
        ({"metadata": {"build": "1.10", "phone.lang": "zh"}}, {"task", "failed"}),
        ({"metadata": {"build": "1.1"}}, set()),
        ({"verdict": "pass"}, set()),
        ({"tag": ["never", "used"]}, set()),
        ({"owner": "demo", "agent": "other-agent"}, {"other"}),
        ({"until": datetime(2020, 1, 1, tzinfo=timezone.utc)}, set()),
        ({"until": date(2020, 1, 1)}, set()),
        ({"since": "2020-01-01", "status": "failed"}, {"failed"}),
        ({"since": "2020-01-01T00:00:00+08:00", "status": "failed"}, {"failed"}),
    ],
    ids=str,
)
def test_filters_of_tasks(
    client: AnyClient, recorded: Recorded, filters: dict[str, object], expected: set[str]
) -> None:
    names = {id: name for name, id in vars(recorded).items()}
    tasks = client.tasks(**filters)  # type: ignore[arg-type]

    assert {names[task.task_id] for task in tasks if task.task_id in names} == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": "completion"}, [3]),
        ({"success": True}, [1, 3]),
        ({"success": False}, [2]),
        ({"success": "none"}, []),
        ({"min_number": 2, "max_number": 2}, [2]),
        ({"text": "app NOT found"}, [2]),
        ({"since": datetime(2020, 1, 1, tzinfo=timezone.utc)}, [1, 2, 3]),
        ({"until": "2020-01-01T00:00:00Z"}, []),
        ({"since": date(2020, 1, 1), "until": "2020-01-02"}, []),
    ],
    ids=str,
)
def test_filters_of_steps(
    client: AnyClient, recorded: Recorded, filters: dict[str, object], expected: list[int]
) -> None:
    steps = client.steps(recorded.task, **filters)  # type: ignore[arg-type]

    assert [step.step_number for step in steps] == expected


def test_time_without_a_time_zone_is_rejected(client: AnyClient) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        client.tasks(since=datetime(2026, 1, 1)).to_list()


def test_tasks_include_thumbnail_and_error(client: AnyClient, recorded: Recorded) -> None:
    tasks = client.tasks(experiment=EXPERIMENT, include=["thumbnail", "error"])
    task = next(task for task in tasks if task.task_id == recorded.task)

    assert task.last_error is not None
    assert (task.last_error.step_number, task.last_error.error) == (2, "App not found")
    assert task.thumbnail is not None
    assert (task.thumbnail.step_number, task.thumbnail.sensitive) == (1, True)
    assert task.thumbnail.url is None


def test_screenshots_are_downloaded(client: AnyClient, recorded: Recorded) -> None:
    listed = client.screenshots(recorded.task).to_list()

    assert [(each.step_id, each.role) for each in listed] == [
        (f"{recorded.task}.1", "before"),
        (f"{recorded.task}.1", "after"),
    ]
    for each in listed:
        assert sha256(client.download(each.url)).hexdigest() == each.file_hash
        assert each.expires_at is not None
    one = client.screenshot(f"{recorded.task}.1", "after")
    assert (one.file_hash, one.role) == (listed[1].file_hash, "after")
    assert client.screenshot_bytes(f"{recorded.task}.1")[:4] == b"RIFF"
    assert client.screenshots(recorded.task, min_number=2).to_list() == []


def test_attachment_is_read(client: AnyClient, recorded: Recorded) -> None:
    step_id = f"{recorded.task}.1"
    attachment = client.attachment(step_id)

    assert sha256(client.download(attachment.url)).hexdigest() == attachment.file_hash
    assert client.attachment_value(step_id) == MODEL_INPUT
    with pytest.raises(NotFoundError) as error:
        client.attachment_value(step_id, "model_output")
    assert error.value.code == "no-attachment"


def test_attachment_of_a_task_is_read(client: AnyClient, recorded: Recorded) -> None:
    attachment = client.task_attachment(recorded.task, "extra_start_fields")

    assert (attachment.step_id, attachment.task_id) == (None, recorded.task)
    assert client.task_attachment_value(recorded.task, "extra_start_fields") == {
        "colour": "blue",
        "prompts": PROMPTS,
    }
    with pytest.raises(NotFoundError) as error:
        client.task_attachment(recorded.task)
    assert error.value.code == "no-attachment"


def test_report_has_totals(client: AnyClient, recorded: Recorded) -> None:
    report = client.report(recorded.task)

    assert report.task_id == recorded.task
    assert report.steps_by_type == {"action": 2, "completion": 1}
    assert report.steps_by_action == {"Tap": 1, "Launch": 1}
    assert [error.error_message for error in report.errors] == ["App not found"]
    assert report.step_durations.total_ms == 5100
    assert report.usage is not None


@pytest.mark.parametrize(
    ("format", "beginning"),
    [
        ("csv", b"step_number"),
        ("md", b"# Task report: volume"),
        ("html", b"<!DOCTYPE"),
        ("pdf", b"%PDF"),
    ],
)
def test_report_is_a_file(
    client: AnyClient, recorded: Recorded, format: str, beginning: bytes
) -> None:
    file = client.report_file(recorded.task, format)  # type: ignore[arg-type]

    assert file.removeprefix(b"\xef\xbb\xbf").lower().startswith(beginning.lower())


def test_experiment_has_all_cases(client: AnyClient, recorded: Recorded) -> None:
    summary = next(each for each in client.experiments() if each.name == EXPERIMENT)
    experiment = client.experiment(EXPERIMENT, baseline=EXPERIMENT)

    assert (summary.cases, summary.tasks, summary.pass_rate) == (2, 2, 0.5)
    assert experiment.attributes == ({"prompt_version": "7"},)
    assert [case.case_id for case in experiment.cases] == ["brightness", "volume/最大"]
    assert experiment.baseline is not None
    assert experiment.baseline.changes.too_few == 2
    with pytest.raises(NotFoundError) as error:
        client.experiment("no/such")
    assert error.value.code == "no-such-experiment"


def test_stats_are_grouped(client: AnyClient, recorded: Recorded) -> None:
    by_experiment = client.stats("experiment", recent=True)
    by_metadata = client.stats("metadata.build")
    by_day = client.stats(since="2026-01-01", until="2026-01-02")

    group = next(each for each in by_experiment.stats if each.experiment == EXPERIMENT)
    assert (group.tasks, group.passes, group.fails) == (2, 1, 1)
    assert group.recent_outcomes == ("fail", "pass")
    assert any(each.extra == {"metadata.build": "1.10"} for each in by_metadata.stats)
    assert (by_day.since.isoformat(), by_day.until.isoformat()) == ("2026-01-01", "2026-01-02")


def test_insights_are_listed(client: AnyClient, recorded: Recorded) -> None:
    assert client.insights(kind="flaky", instruction="?", owner="demo").to_list() == []


def test_caller_is_the_user_of_the_token(kind: str, client: AnyClient, cloud: Cloud) -> None:
    admin = cloud.token_of("ann", admin=True)

    assert (client.caller().owner, client.caller().admin) == ("demo", False)
    with connect(kind, cloud.api, token=admin) as other:
        assert (other.caller().owner, other.caller().admin) == ("ann", True)


def test_task_of_another_user_does_not_exist(kind: str, cloud: Cloud, recorded: Recorded) -> None:
    with (
        connect(kind, cloud.api, token=cloud.token_of("bob")) as other,
        pytest.raises(NotFoundError) as error,
    ):
        other.task(recorded.task)

    assert (error.value.status, error.value.code) == (404, "not-found")
    assert error.value.trace_id
    assert error.value.trace_id in str(error.value)


def test_invalid_parameter_is_an_error(client: AnyClient) -> None:
    with pytest.raises(ApiError, match="limit") as error:
        client.tasks(page_size=1001).to_list()

    assert (error.value.status, error.value.code) == (400, "bad-request")


def test_invalid_token_is_an_error(kind: str, cloud: Cloud) -> None:
    with (
        connect(kind, cloud.api, token="not.a.token") as client,
        pytest.raises(AuthenticationError) as error,
    ):
        client.caller()

    assert error.value.status == 401
    assert "not.a.token" not in str(error.value)


def test_url_whose_signature_is_wrong_is_an_error(client: AnyClient, recorded: Recorded) -> None:
    url = httpx.URL(client.screenshot(f"{recorded.task}.1").url)
    forged = url.copy_set_param("X-Amz-Signature", "0" * 64)

    with pytest.raises(DownloadError) as error:
        client.download(str(forged))

    assert error.value.status == 403
    assert "X-Amz" not in str(error.value)
