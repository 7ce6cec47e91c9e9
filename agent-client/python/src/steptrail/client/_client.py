"""The blocking client. Generated from ``_async_client.py``: do not edit."""

from __future__ import annotations

import json
import math
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import httpx

from . import _protocol, _settings
from ._dataframe import to_dataframe
from ._decode import decode
from ._protocol import path, query, start_of_day, step_path, task_path
from .errors import ApiConnectionError, DownloadError, InvalidResponseError
from .models import (
    AttachedField,
    AttachedTaskField,
    Attachment,
    Caller,
    Experiment,
    ExperimentSummary,
    Insight,
    Label,
    Language,
    Note,
    Report,
    ReportFormat,
    Role,
    Screenshot,
    Stats,
    Step,
    SuccessValue,
    Task,
    TaskStatus,
    Verdict,
)

if TYPE_CHECKING:
    import pandas

__all__ = ["Client", "Items"]

T = TypeVar("T")


class Items(Generic[T]):
    """The items of a list, whose pages are requested while it is iterated. Can be iterated once.

    Iterating raises the errors of requests: `ApiError` and `ApiConnectionError`.
    """

    def __init__(self, model: type[T], items: Iterator[T]) -> None:
        self._model = model
        self._items = items

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._model.__name__}>"

    def __iter__(self) -> Items[T]:
        return self

    def __next__(self) -> T:
        return self._items.__next__()

    def to_list(self) -> list[T]:
        """Returns the remaining items."""
        return list(self._items)

    def to_dataframe(self) -> pandas.DataFrame:
        """Returns the remaining items as a pandas data frame, as `to_dataframe` does. Needs the
        extra `pandas`.
        """
        return to_dataframe(self.to_list(), self._model)


class Client:
    """Reads tasks and steps, and judges them, by the HTTP API of Steptrail.

    Use it as a context manager, or close it. Methods accept a task or a step instead of its id. May
    be used by several tasks of one event loop.

        with Client() as client:
            for task in client.tasks(status="failed"):
                print(task.task_id, task.message)

    Requests that only read, set or delete are retried after status 429, 502, 503 and 504 and after
    failed connections, with exponential back-off; `Retry-After` is respected. Requests that add a
    note are not retried. The token is sent only to the API, not to the file store.

    api: the address of the API. Default: `STEPTRAIL_API`, else the API of the login, if there is
        only one.
    token: an access token. Default: `STEPTRAIL_TOKEN`, else the token that `steptrail login`
        stored, which is renewed before it expires.
    timeout: seconds to wait for a part of a response. Default 40 s; the API responds within 30 s.
        Connecting may take 10 s.
    retries: the maximum number of retries of a request. Default 4.

    Raises ConfigurationError if there is no address, or the address, the token or the proxy of the
    environment is invalid, and LoginError if the address is to be that of a login that is damaged
    or not safe to use.
    """

    def __init__(
        self,
        api: str | None = None,
        *,
        token: str | None = None,
        timeout: float = 40.0,
        retries: int = 4,
    ) -> None:
        self._api = _settings.api_address(api)
        self._tokens = _settings.token_source(self._api, token)
        self._retry_policy = _protocol.RetryPolicy(retries)
        try:
            self._http = httpx.Client(
                timeout=httpx.Timeout(timeout, connect=10.0),
                follow_redirects=False,
                headers=_protocol.HEADERS,
                trust_env=_protocol.uses_environment(self._api),
            )
        except _protocol.PROXY_ERRORS as error:
            raise _protocol.invalid_proxy(error) from None

    def __repr__(self) -> str:
        return f"Client({self._api!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. Requests after that fail."""
        self._http.close()

    # Tasks

    def tasks(
        self,
        *,
        status: TaskStatus | None = None,
        agent: str | None = None,
        model: str | None = None,
        device_id: str | None = None,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        text: str | None = None,
        tag: str | Sequence[str] | None = None,
        verdict: Literal["pass", "fail", "unclear", "none"] | None = None,
        experiment: str | None = None,
        case_id: str | None = None,
        metadata: Mapping[str, str | int | float | bool] | None = None,
        owner: str | None = None,
        include: Literal["thumbnail", "error"]
        | Sequence[Literal["thumbnail", "error"]]
        | None = None,
        limit: int | None = None,
        page_size: int = 100,
    ) -> Items[Task]:
        """Returns the caller's tasks, newest first; for admins, the tasks of all owners.

        status: only tasks in this state.
        agent: only tasks of this agent.
        model: only tasks in which this model decided.
        device_id: only tasks on this device.
        since: only tasks that started at or after this time, with a time zone. A day is its start
            in UTC.
        until: only tasks that started before this time.
        text: only tasks whose name or instruction contains this text; case-insensitive.
        tag: only tasks with this tag, or with all of these tags; at most 5.
        verdict: only tasks whose verdict that counts is this one; `none` for tasks without a
            verdict.
        experiment: only tasks of this experiment.
        case_id: only tasks of this case.
        metadata: only tasks with these values in their metadata; at most 5. Keys of nested objects
            are joined by dots.
        owner: only tasks of this owner. Admins may name any owner.
        include: `thumbnail` adds the last screenshot to each task, `error` the newest failed step.
        limit: the maximum number of tasks. Default: all.
        page_size: the number of tasks that are requested at once, 1 to 1000. Default 100.
        """
        filters = {f"metadata.{key}": value for key, value in (metadata or {}).items()}
        parameters = {
            "status": status,
            "agent": agent,
            "model": model,
            "device_id": device_id,
            "since": start_of_day(since),
            "until": start_of_day(until),
            "text": text,
            "tag": tag,
            "verdict": verdict,
            "experiment": experiment,
            "case_id": case_id,
            "owner": owner,
            "include": include,
            **filters,
        }
        return self._list(Task, "tasks", path("tasks"), parameters, limit, page_size)

    def task(self, task_id: str | Task) -> Task:
        """Returns a task.

        Raises NotFoundError if the task does not exist, or belongs to another owner.
        """
        return decode(Task, self._json("GET", task_path(task_id)))

    def steps(
        self,
        task_id: str | Task,
        *,
        order: Literal["asc", "desc"] = "asc",
        type: str | None = None,
        success: bool | Literal["none"] | None = None,
        min_number: int | None = None,
        max_number: int | None = None,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        text: str | None = None,
        include_model_calls: bool = False,
        limit: int | None = None,
        page_size: int = 100,
    ) -> Items[Step]:
        """Returns the steps of a task by number.

        task_id: the task.
        order: `desc` returns the last step first.
        type: only steps of this type, such as `action`.
        success: only steps that succeeded (`True`), that failed (`False`), or whose outcome is
            unknown (`"none"`). A step with an error message and an unknown outcome counts as
            failed.
        min_number: the minimum step number.
        max_number: the maximum step number.
        since: only steps recorded at or after this time, with a time zone. A day is its start in
            UTC.
        until: only steps recorded before this time.
        text: only steps whose thinking or error contains this text; case-insensitive.
        include_model_calls: whether steps contain what their models received and returned.
        limit: the maximum number of steps. Default: all.
        page_size: the number of steps that are requested at once, 1 to 1000. Default 100.
        """
        parameters = {
            "order": order,
            "type": type,
            "success": success,
            "min_number": min_number,
            "max_number": max_number,
            "since": start_of_day(since),
            "until": start_of_day(until),
            "text": text,
            "include_model_calls": include_model_calls,
        }
        return self._list(Step, "steps", task_path(task_id, "steps"), parameters, limit, page_size)

    def report(self, task_id: str | Task) -> Report:
        """Returns a task with totals of its steps."""
        return decode(Report, self._json("GET", task_path(task_id, "report")))

    def report_file(
        self,
        task_id: str | Task,
        format: ReportFormat,
        *,
        lang: Language = "en",
        include_model_calls: bool = False,
        max_wait: float = 1980.0,
    ) -> bytes:
        """Returns the report of a task as a file.

        task_id: the task.
        format: `csv` has one row per step. `html` and `pdf` are created on request, and include
            screenshots.
        lang: the language of the report; no effect on CSV.
        include_model_calls: whether the report contains what models received and returned.
        max_wait: seconds to wait until the file has been created. Default 33 minutes, after which
            its creation has failed.

        Raises ApiConnectionError if the file has not been created within `max_wait`.
        Raises ApiError if the creation failed.
        """
        parameters = {"format": format, "lang": lang, "include_model_calls": include_model_calls}
        target = task_path(task_id, "report") + query(parameters)
        deadline = time.monotonic() + max_wait
        attempt = 0
        while True:
            attempt += 1
            response = self._send("GET", target)
            if response.status_code == 200:
                return response.content
            if response.status_code == 302:
                return self.download(response.headers.get("Location", ""))
            if response.status_code != 202:
                raise _protocol.rejection(response, self._tokens.name)
            pause = max(min(attempt, 5), min(_protocol.retry_after(response) or 2.0, 30.0))
            if time.monotonic() + pause > deadline:
                raise ApiConnectionError("the API has not created the file yet; try again later")
            time.sleep(pause)

    # Screenshots and attachments

    def screenshots(
        self, task_id: str | Task, *, min_number: int | None = None
    ) -> Items[Screenshot]:
        """Returns all screenshots of a task with presigned URLs, by step number.

        Use each URL soon, for example with `download`, because it expires.

        task_id: the task.
        min_number: the first step. Default: the first step of the task.
        """
        if not isinstance(task_id, str):
            task_id = task_id.task_id
        return Items(Screenshot, self._screenshots(task_id, min_number))

    def _screenshots(self, task_id: str, min_number: int | None) -> Iterator[Screenshot]:
        for page in self._pages(task_path(task_id, "screenshots"), {"min_number": min_number}):
            for item in _array(page, "screenshots"):
                ids = {"task_id": task_id, "step_id": f"{task_id}.{item.get('step_number')}"}
                yield decode(
                    Screenshot, {**item, **ids, "expires_at": page.get("expires_at")}, "screenshot"
                )

    def screenshot(self, step_id: str | Step, role: Role | None = None) -> Screenshot:
        """Returns a screenshot of a step with its presigned URL.

        step_id: the step, `<task_id>.<step_number>`.
        role: default: the first screenshot from before the action or, if there is none, the first
            one.

        Raises NotFoundError if the step does not exist, or has no such screenshot.
        """
        target = step_path(step_id, "screenshot") + query({"role": role, "redirect": False})
        return decode(Screenshot, self._json("GET", target))

    def screenshot_bytes(self, step_id: str | Step, role: Role | None = None) -> bytes:
        """Returns the image of a screenshot, usually WebP. Takes the arguments of `screenshot`."""
        screenshot = self.screenshot(step_id, role)
        return self.download(screenshot.url)

    def attachment(self, step_id: str | Step, field: AttachedField = "model_input") -> Attachment:
        """Returns the presigned URL of the complete value of a large field of a step.

        Raises NotFoundError if the step does not exist, or the value is not stored as a file. Small
        values are fields of the step, see `include_model_calls` of `steps`.
        """
        target = step_path(step_id, "attachment") + query({"field": field, "redirect": False})
        return decode(Attachment, self._json("GET", target))

    def attachment_value(
        self,
        step_id: str | Step,
        field: AttachedField = "model_input",
        *,
        max_bytes: int = _protocol.MAX_ATTACHMENT_BYTES,
    ) -> Any:
        """Returns the JSON value of an attachment. The other arguments and errors are those of
        `attachment`.

        max_bytes: the maximum size of the JSON. Default 16 MiB, the maximum of the step format.

        Raises InvalidResponseError if the file is not gzip of JSON, or inflates to more than
        `max_bytes`.
        """
        return self._attached_value(self.attachment(step_id, field), max_bytes)

    def task_attachment(
        self, task_id: str | Task, field: AttachedTaskField = "description"
    ) -> Attachment:
        """Returns the presigned URL of the complete value of a large field of a task.

        Raises NotFoundError if the task does not exist, or the value is not stored as a file. Small
        values are fields of the task.
        """
        target = task_path(task_id, "attachment") + query({"field": field, "redirect": False})
        return decode(Attachment, self._json("GET", target))

    def task_attachment_value(
        self,
        task_id: str | Task,
        field: AttachedTaskField = "description",
        *,
        max_bytes: int = _protocol.MAX_ATTACHMENT_BYTES,
    ) -> Any:
        """Returns the JSON value of an attachment of a task. `max_bytes` and errors are those of
        `attachment_value`.
        """
        return self._attached_value(self.task_attachment(task_id, field), max_bytes)

    def _attached_value(self, attachment: Attachment, max_bytes: int) -> Any:
        content = self.download(attachment.url, max_bytes=_protocol.MAX_ATTACHMENT_BYTES)
        name = f"{attachment.field} of {attachment.step_id or attachment.task_id}"
        try:
            inflated = _protocol.decompress(content, max_bytes)
            if len(inflated) > max_bytes:
                raise InvalidResponseError(
                    f"the attachment {name} inflates to more than {max_bytes} bytes (max_bytes)"
                )
            return json.loads(inflated)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise InvalidResponseError(
                f"the attachment {name} is not gzip of JSON: {error}"
            ) from error

    def download(self, url: str, *, max_bytes: int | None = None) -> bytes:
        """Returns the file with a presigned URL as it is stored. The token is not sent.

        max_bytes: the maximum size of the file. Default no limit.

        Raises DownloadError if the URL has expired, or the file is no longer stored, and
        InvalidResponseError if the file is larger than `max_bytes`.
        """
        _protocol.require_file_url(self._api, url)
        response = self._exchange(
            "the file store", "GET", url, with_token=False, max_bytes=max_bytes
        )
        if response.status_code != 200:
            raise DownloadError(response.status_code)
        return response.content

    # Judgements

    def verdicts(
        self, task_id: str | Task, *, limit: int | None = None, page_size: int = 100
    ) -> Items[Verdict]:
        """Returns the verdicts on a task; the verdict of the judge and name that were added last is
        first.
        """
        return self._list(Verdict, "verdicts", task_path(task_id, "verdicts"), {}, limit, page_size)

    def set_verdict(
        self,
        task_id: str | Task,
        value: SuccessValue | float | bool,
        *,
        name: str = "success",
        evaluator: str | None = None,
        evaluator_version: str | None = None,
        reason: str | None = None,
    ) -> Verdict:
        """Sets the caller's verdict on a task, or the verdict of an evaluator. Replaces the same
        judge's earlier one.

        task_id: the task.
        value: `pass` or True, `fail` or False, or `unclear`; or a number, if the name is not
            `success`.
        name: what is judged. Default `success`: whether the task succeeded.
        evaluator: the program that judged. Without it, the verdict is human.
        evaluator_version: the version of the evaluator.
        reason: an explanation for people, at most 10,000 characters.
        """
        if isinstance(value, bool):
            value = "pass" if value else "fail"
        body = {
            "value": value,
            "name": name,
            "evaluator": evaluator,
            "evaluator_version": evaluator_version,
            "reason": reason,
        }
        return decode(Verdict, self._json("PUT", task_path(task_id, "verdicts"), body))

    def delete_verdict(self, task_id: str | Task, verdict_id: int) -> None:
        """Deletes a verdict."""
        self._delete(task_path(task_id, "verdicts", str(verdict_id)))

    def add_tag(self, task_id: str | Task, tag: str) -> Task:
        """Adds a tag to a task, which has at most 50 tags. Returns the task."""
        return decode(Task, self._json("PUT", task_path(task_id, "tags", tag)))

    def remove_tag(self, task_id: str | Task, tag: str) -> None:
        """Removes a tag from a task."""
        self._delete(task_path(task_id, "tags", tag))

    def labels(
        self, task_id: str | Task, *, limit: int | None = None, page_size: int = 100
    ) -> Items[Label]:
        """Returns the labels of the steps of a task, by step number and label."""
        return self._list(Label, "labels", task_path(task_id, "labels"), {}, limit, page_size)

    def add_label(self, step_id: str | Step, label: str) -> Label:
        """Adds a label, such as `unnecessary`, to a step."""
        return decode(Label, self._json("PUT", step_path(step_id, "labels", label)))

    def remove_label(self, step_id: str | Step, label: str) -> None:
        """Removes a label from a step."""
        self._delete(step_path(step_id, "labels", label))

    def notes(
        self, task_id: str | Task, *, limit: int | None = None, page_size: int = 100
    ) -> Items[Note]:
        """Returns the notes on a task and its steps, newest first."""
        return self._list(Note, "notes", task_path(task_id, "notes"), {}, limit, page_size)

    def add_note(self, task_id: str | Task, text: str, *, step_number: int | None = None) -> Note:
        """Adds a note on a task, or on one of its steps. Not retried, because a second request
        would add it again.
        """
        body = {"text": text, "step_number": step_number}
        return decode(Note, self._json("POST", task_path(task_id, "notes"), body))

    def edit_note(self, task_id: str | Task, note_id: int, text: str) -> Note:
        """Changes the text of one of the caller's notes."""
        return decode(
            Note,
            self._json("PUT", task_path(task_id, "notes", str(note_id)), {"text": text}),
        )

    def delete_note(self, task_id: str | Task, note_id: int) -> None:
        """Deletes one of the caller's notes."""
        self._delete(task_path(task_id, "notes", str(note_id)))

    # All tasks of the caller

    def experiments(
        self, *, owner: str | None = None, limit: int | None = None, page_size: int = 100
    ) -> Items[ExperimentSummary]:
        """Returns the caller's experiments, the one that started last first; for admins, those of
        all owners.
        """
        return self._list(
            ExperimentSummary,
            "experiments",
            path("experiments"),
            {"owner": owner},
            limit,
            page_size,
        )

    def experiment(
        self, name: str, *, owner: str | None = None, baseline: str | None = None
    ) -> Experiment:
        """Returns the results of an experiment and of all of its cases.

        name: the experiment. Slashes may separate parts.
        owner: the owner of the experiment. Default: the caller. Admins may name any owner.
        baseline: an experiment of the same owner with which each case is compared.

        Raises NotFoundError if the experiment or the baseline does not exist, or belongs to another
        owner.
        """
        pages = self._pages(
            path("experiments", *name.split("/")),
            {"owner": owner, "baseline": baseline, "limit": 1000},
        )
        read = list(pages)
        cases = [case for page in read for case in _array(page, "cases")]
        return decode(Experiment, {**read[0], "cases": cases})

    def stats(
        self,
        group_by: str = "day",
        *,
        owner: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        agent: str | None = None,
        model: str | None = None,
        device_id: str | None = None,
        type: str | None = None,
        recent: bool = False,
    ) -> Stats:
        """Returns statistics of the caller's steps and tasks, updated hourly; for admins, of all
        owners.

        group_by: `day`, `agent`, `model`, `device_id`, `step_type`, `action`, `tag`, `instruction`,
            `verdict`, `experiment`, or `metadata.` and the key of a value in the metadata of tasks.
        owner: only tasks of this owner. Admins may name any owner.
        since: the first day (UTC). Default: 29 days before the last.
        until: the last day (UTC). Default: today.
        agent: only steps of this agent.
        model: only steps of this model.
        device_id: only steps on this device.
        type: only steps of this type.
        recent: whether each group also has its newest tasks. Only for groups by tag, instruction,
            verdict, experiment and metadata.
        """
        parameters = {
            "group_by": group_by,
            "owner": owner,
            "since": since,
            "until": until,
            "agent": agent,
            "model": model,
            "device_id": device_id,
            "type": type,
            "recent": recent,
        }
        return decode(Stats, self._json("GET", path("stats") + query(parameters)))

    def insights(
        self,
        *,
        kind: str | None = None,
        instruction: str | None = None,
        owner: str | None = None,
        limit: int | None = None,
        page_size: int = 100,
    ) -> Items[Insight]:
        """Returns insights from the caller's tasks, newest first, updated hourly; for admins, of
        all owners.

        kind: only insights of this kind, such as `flaky`.
        instruction: only insights of tasks with this instruction; case, spaces and final
            punctuation are ignored.
        owner: only tasks of this owner. Admins may name any owner.
        limit: the maximum number of insights. Default: all.
        page_size: the number of insights that are requested at once, 1 to 1000. Default 100.
        """
        parameters = {"kind": kind, "instruction": instruction, "owner": owner}
        return self._list(Insight, "insights", path("insights"), parameters, limit, page_size)

    def caller(self) -> Caller:
        """Returns the user of the token."""
        return decode(Caller, self._json("GET", path("me")))

    # Requests

    def _list(
        self,
        model: type[T],
        member: str,
        target: str,
        parameters: Mapping[str, Any],
        limit: int | None,
        page_size: int,
    ) -> Items[T]:
        parameters = {**parameters, "limit": page_size if limit is None else min(limit, page_size)}
        return Items(model, self._items(model, member, target, parameters, limit))

    def _items(
        self,
        model: type[T],
        member: str,
        target: str,
        parameters: Mapping[str, Any],
        limit: int | None,
    ) -> Iterator[T]:
        left = math.inf if limit is None else limit
        if left <= 0:
            return
        for page in self._pages(target, parameters):
            for index, item in enumerate(_array(page, member)):
                yield decode(model, item, f"{member}[{index}]")
                left -= 1
                if left == 0:
                    return

    def _pages(self, target: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        cursor = None
        while True:
            page = self._json("GET", target + query({**parameters, "cursor": cursor}))
            yield page
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def _json(
        self, method: str, target: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        response = self._send(method, target, body)
        if response.status_code not in (200, 201):
            raise _protocol.rejection(response, self._tokens.name)
        return _protocol.json_object(response)

    def _delete(self, target: str) -> None:
        response = self._send("DELETE", target)
        if response.status_code != 204:
            raise _protocol.rejection(response, self._tokens.name)

    def _send(
        self, method: str, target: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Sends a request to the API, with the token and the members of the body that are set."""
        given = body and {name: value for name, value in body.items() if value is not None}
        server = f"the API at {self._api}"
        return self._exchange(server, method, self._api + target, given, with_token=True)

    def _authorization(self) -> httpx.Auth:
        token = self._tokens.cached()
        if token is None:
            token = self._tokens.token()
        return _protocol.BearerAuth(token)

    def _exchange(
        self,
        server: str,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        *,
        with_token: bool,
        max_bytes: int | None = None,
    ) -> httpx.Response:
        """Sends a request until it succeeds, fails, or has no more retries.

        server: what the server is called in errors.
        with_token: whether to send the token; only to the API.
        max_bytes: the maximum size of the response; None for no limit.
        """
        retry = 0
        while True:
            retry += 1
            auth = self._authorization() if with_token else None
            try:
                request = self._http.build_request(method, url, json=body)
                response = self._http.send(request, auth=auth, stream=True)
                _read(response, max_bytes, decodes=with_token)
                if method == "DELETE" and response.status_code == 404 and retry > 1:
                    return httpx.Response(204)  # deleted by a request whose response was lost
                delay = self._retry_policy.delay(method, retry, response)
                if delay is None:
                    return response
            except _protocol.RETRYABLE_ERRORS as error:
                delay = self._retry_policy.delay(method, retry)
                if delay is None:
                    raise _protocol.unreachable(server, error) from None
            except httpx.DecodingError as error:
                raise InvalidResponseError(
                    f"the response of {server} cannot be decoded ({error})"
                ) from None
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise _protocol.unreachable(server, error) from None
            time.sleep(delay)


def _read(response: httpx.Response, max_bytes: int | None, *, decodes: bool) -> None:
    """Reads the body of a response, and closes it.

    decodes: False for a file: its content encoding is metadata from the sender, and a file of 1 MB
        may inflate to 1 GB.
    """
    try:
        if max_bytes is not None and int(response.headers.get("content-length") or 0) > max_bytes:
            raise InvalidResponseError(f"the file is larger than {max_bytes} bytes")
        if not decodes:
            response.headers.pop("content-encoding", None)
        response.read()
    finally:
        response.close()


def _array(page: Mapping[str, Any], member: str) -> list[Any]:
    items = page.get(member)
    if not isinstance(items, list):
        raise InvalidResponseError(f"response.{member} is not an array")
    return items
