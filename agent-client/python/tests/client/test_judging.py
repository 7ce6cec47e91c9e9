"""Both clients judge tasks of a real local cloud."""

from __future__ import annotations

import pytest

from local_cloud import Cloud
from steptrail.client import ApiError, NotFoundError

from .adapter import AnyClient
from .recordings import new_tasks


@pytest.fixture(scope="module")
def unchanged(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Tasks for as many tests as there may be; to record each by itself takes seconds."""
    return new_tasks(cloud, tmp_path_factory.mktemp("judging") / "outbox", 20)


@pytest.fixture
def task_id(unchanged: list[str]) -> str:
    return unchanged.pop()


def test_verdicts(client: AnyClient, task_id: str) -> None:
    human = client.set_verdict(task_id, "fail", reason="Nothing was saved")
    score = client.set_verdict(
        task_id, 0.5, name="efficiency", evaluator="judge.py", evaluator_version="2"
    )

    assert (human.value, human.source, human.author) == ("fail", "human", "demo")
    assert (score.value, score.source, score.evaluator_version) == (0.5, "automatic", "2")
    assert client.verdicts(task_id, page_size=1).to_list() == [score, human]
    assert (client.task(task_id).verdict, client.task(task_id).success) == ("fail", False)
    client.delete_verdict(task_id, human.verdict_id)
    assert client.task(task_id).verdict is None
    with pytest.raises(NotFoundError) as error:
        client.delete_verdict(task_id, human.verdict_id)
    assert error.value.code == "no-such-verdict"


def test_true_and_false_are_pass_and_fail(client: AnyClient, task_id: str) -> None:
    assert client.set_verdict(task_id, True).value == "pass"
    assert client.set_verdict(task_id, False, evaluator="judge.py").value == "fail"


def test_tags(client: AnyClient, task_id: str) -> None:
    assert client.add_tag(task_id, "夜间 a+b?&#.").tags == ("夜间 a+b?&#.",)
    assert [task.task_id for task in client.tasks(tag="夜间 a+b?&#.")] == [task_id]
    client.remove_tag(task_id, "夜间 a+b?&#.")
    assert client.task(task_id).tags == ()


def test_labels(client: AnyClient, task_id: str) -> None:
    label = client.add_label(f"{task_id}.1", "unnecessary")

    assert (label.step_number, label.label, label.author) == (1, "unnecessary", "demo")
    assert client.labels(task_id).to_list() == [label]
    client.remove_label(f"{task_id}.1", "unnecessary")
    assert client.labels(task_id).to_list() == []


def test_notes(client: AnyClient, task_id: str) -> None:
    on_task = client.add_note(task_id, "The keyboard covers the button")
    on_step = client.add_note(task_id, "键盘", step_number=1)

    assert (on_task.step_number, on_step.step_number) == (None, 1)
    edited = client.edit_note(task_id, on_task.note_id, "The keyboard covers the send button")
    assert edited.edited_at is not None
    assert client.notes(task_id).to_list() == [on_step, edited]
    client.delete_note(task_id, on_step.note_id)
    assert client.notes(task_id).to_list() == [edited]


def test_rejected_change_is_an_error(client: AnyClient, task_id: str) -> None:
    with pytest.raises(ApiError) as error:
        client.set_verdict(task_id, 0.5)

    assert (error.value.status, error.value.code) == (400, "bad-request")
