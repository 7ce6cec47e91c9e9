"""Retries, errors, and where the token goes, with servers that fail as a test requires."""

from __future__ import annotations

import gzip
import json
import logging
import pickle
import re
import socket
import sys
import traceback
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import httpx
import pytest

import steptrail
from steptrail.client import (
    ApiConnectionError,
    ApiError,
    AuthenticationError,
    ConfigurationError,
    DownloadError,
    InvalidResponseError,
    NotFoundError,
    SteptrailError,
)
from steptrail.client._protocol import RetryPolicy, retry_after

from .adapter import AnyClient, connect
from .server import CONNECTION_LOST, Response, ScriptedServer, ok, problem

TOKEN = "secret.token-of-a.user"
CALLER = {"owner": "ann", "admin": False}
SCREENSHOT = {
    "step_id": "t.1",
    "task_id": "t",
    "step_number": 1,
    "thumbnail_url": None,
    "expires_at": "2026-03-01T12:05:00Z",
    "screenshot_index": 0,
    "role": "before",
    "file_hash": "9f86",
    "file_size": 5,
    "original_size": 5,
    "width": 1,
    "height": 1,
    "format": "webp",
    "compressed": True,
    "sensitive": False,
    "redacted_regions": [],
    "perceptual_hash": None,
    "thumbnail_path": None,
    "captured_at": None,
}
NOTE = {
    "note_id": 1,
    "step_number": None,
    "author": "ann",
    "text": "a",
    "created_at": "2026-03-01T12:00:00Z",
    "edited_at": None,
}


def shown(error: BaseException) -> str:
    """Returns the text of an error and of its causes that are printed, with the local variables of
    the frames, as `pytest --showlocals` prints them; without the frames of tests.
    """
    exception: traceback.TracebackException | None
    exception = traceback.TracebackException.from_exception(error, capture_locals=True)
    texts: list[str] = []
    while exception is not None:
        texts += exception.format_exception_only()
        texts += [str(each.locals) for each in exception.stack if "tests" not in each.filename]
        hidden = exception.__suppress_context__
        exception = exception.__cause__ or (None if hidden else exception.__context__)
    return "\n".join(texts)


@pytest.fixture
def fast_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steptrail.client._protocol._FIRST_DELAY", 0.01)


@pytest.fixture
def scripted(kind: str, server: ScriptedServer, fast_retries: None) -> AnyClient:  # type: ignore[misc]
    with connect(kind, server.url, token=TOKEN) as client:
        yield client


@pytest.mark.parametrize(
    "failure",
    [
        problem(503, "unavailable", "Retry."),
        problem(429, "too-many-jobs", "Retry.", Retry_After="0"),
        Response(502, b"<html>"),
        ok({"message": "Gateway Timeout"}, 504),
        CONNECTION_LOST,
        Response(200, json.dumps(CALLER).encode(), is_cut=True),
    ],
    ids=["503", "429", "502", "504", "no response", "truncated"],
)
def test_reads_are_retried(scripted: AnyClient, server: ScriptedServer, failure: Response) -> None:
    server.responses += [failure, failure, ok(CALLER)]

    assert scripted.caller().owner == "ann"
    assert len(server.requests) == 3


def test_retries_end(scripted: AnyClient, server: ScriptedServer) -> None:
    server.responses += [problem(503, "unavailable", "Retry in a few seconds.")] * 5

    with pytest.raises(ApiError) as error:
        scripted.caller()

    assert (error.value.status, error.value.code, error.value.trace_id) == (
        503,
        "unavailable",
        "t-1",
    )
    assert len(server.requests) == 5


@pytest.mark.parametrize("failure", [problem(503, "unavailable", "Retry."), CONNECTION_LOST])
def test_added_notes_are_not_retried(
    scripted: AnyClient, server: ScriptedServer, failure: Response
) -> None:
    server.responses.append(failure)

    with pytest.raises((ApiError, ApiConnectionError)):
        scripted.add_note("t", "a")

    assert [request.method for request in server.requests] == ["POST"]


def test_set_values_are_retried_with_their_body(
    scripted: AnyClient, server: ScriptedServer
) -> None:
    server.responses += [CONNECTION_LOST, ok(NOTE)]

    scripted.edit_note("t", 1, "键")

    assert [json.loads(request.body) for request in server.requests] == [{"text": "键"}] * 2


def test_retried_deletion_that_finds_nothing_succeeds(
    scripted: AnyClient, server: ScriptedServer
) -> None:
    server.responses += [CONNECTION_LOST, problem(404, "no-such-tag", "Gone.")]

    scripted.remove_tag("t", "a")

    server.responses += [problem(404, "no-such-tag", "Gone.")]
    with pytest.raises(NotFoundError):
        scripted.remove_tag("t", "a")


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_other_errors_are_not_retried(
    scripted: AnyClient, server: ScriptedServer, status: int
) -> None:
    server.responses.append(problem(status, "kind", "What is wrong."))

    with pytest.raises(
        ApiError, match=r"What is wrong\. \(status \d+, kind, trace id t-1\)"
    ) as error:
        scripted.task("t")

    assert error.value.status == status
    assert isinstance(error.value, NotFoundError) == (status == 404)


def test_retry_after_of_an_hour_is_not_waited_for(
    scripted: AnyClient, server: ScriptedServer
) -> None:
    server.responses.append(problem(429, "too-many-jobs", "Retry.", Retry_After="3600"))

    with pytest.raises(ApiError):
        scripted.caller()


def test_delays_respect_retry_after() -> None:
    policy = RetryPolicy(retries=10)
    later = httpx.Response(503, headers={"Retry-After": "7"})

    assert policy.delay("GET", 1, later) == 7
    delays = [policy.delay("GET", retry) or 0 for retry in range(1, 11)]
    assert all(0.25 * 2**n <= delay <= 0.5 * 2**n for n, delay in enumerate(delays[:5]))
    assert max(delays) <= 20
    assert policy.delay("GET", 11) is None


def test_retry_after_is_seconds_or_a_date() -> None:
    def parse(value: str) -> float | None:
        return retry_after(httpx.Response(503, headers={"Retry-After": value}))

    in_a_minute = datetime.now(timezone.utc) + timedelta(minutes=1)
    date = parse(format_datetime(in_a_minute, usegmt=True))
    assert date is not None
    assert 0 < date <= 60
    assert parse("Sun, 06 Nov 1994 08:49:37 GMT") == 0
    assert parse("5") == 5
    assert [parse(value) for value in ("", "soon", "-1")] == [None] * 3


def test_server_that_cannot_be_reached_is_an_error(kind: str, fast_retries: None) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with (
            connect(kind, f"http://127.0.0.1:{port}", token=TOKEN, retries=1) as client,
            pytest.raises(ApiConnectionError, match=f"{port} cannot be reached") as error,
        ):
            client.caller()

    assert TOKEN not in shown(error.value)


def test_server_that_does_not_respond_is_an_error(kind: str, fast_retries: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with (
            connect(
                kind, f"http://127.0.0.1:{port}", token=TOKEN, retries=1, timeout=0.1
            ) as client,
            pytest.raises(ApiConnectionError, match="did not respond in time"),
        ):
            client.caller()


@pytest.mark.parametrize(
    "response",
    [
        Response(200, b"<html>"),
        Response(200, b"[]"),
        ok({"owner": "ann"}),
        ok({"owner": "ann", "admin": "yes"}),
        Response(200, b"no gzip", {"Content-Encoding": "gzip"}),
    ],
    ids=["HTML", "array", "missing", "type", "encoding"],
)
def test_response_in_another_format_is_an_error(
    scripted: AnyClient, server: ScriptedServer, response: Response
) -> None:
    server.responses.append(response)

    with pytest.raises(InvalidResponseError):
        scripted.caller()


def test_page_without_its_list_is_an_error(scripted: AnyClient, server: ScriptedServer) -> None:
    server.responses.append(ok({"next_cursor": None}))

    with pytest.raises(InvalidResponseError, match=r"response\.tasks is not an array"):
        scripted.tasks().to_list()


def test_unknown_fields_are_ignored(scripted: AnyClient, server: ScriptedServer) -> None:
    server.responses.append(ok({**CALLER, "added_later": {"a": 1}}))

    assert scripted.caller().owner == "ann"


def test_names_are_encoded(scripted: AnyClient, server: ScriptedServer) -> None:
    server.responses += [Response(204, b"")] * 2 + [problem(404, "no-such-experiment", "x")]

    scripted.remove_tag("t", "a b/ü?#&")
    scripted.remove_label("t.1", "a+b")
    with pytest.raises(NotFoundError):
        scripted.experiment("nightly/7 β", baseline="a&b=c +d")

    assert [request.path for request in server.requests] == [
        "/api/tasks/t/tags/a%20b%2F%C3%BC%3F%23%26",
        "/api/steps/t.1/labels/a%2Bb",
        "/api/experiments/nightly/7%20%CE%B2?baseline=a%26b%3Dc%20%2Bd&limit=1000",
    ]


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_names_that_would_change_the_path_are_rejected(
    scripted: AnyClient, server: ScriptedServer, name: str
) -> None:
    """httpx removes them: DELETE of the tag `..` would delete the task."""
    calls: list[Callable[[], object]] = [
        *(lambda: scripted.add_tag("t", name), lambda: scripted.remove_tag("t", name)),
        *(lambda: scripted.add_label("t.1", name), lambda: scripted.remove_label("t.1", name)),
        *(lambda: scripted.task(name), lambda: scripted.report(name)),
        *(lambda: scripted.report_file(name, "csv"), lambda: scripted.steps(name).to_list()),
        *(lambda: scripted.screenshots(name).to_list(), lambda: scripted.screenshot(name)),
        *(lambda: scripted.screenshot_bytes(name), lambda: scripted.attachment(name)),
        *(lambda: scripted.task_attachment(name), lambda: scripted.task_attachment_value(name)),
        *(lambda: scripted.attachment_value(name), lambda: scripted.verdicts(name).to_list()),
        *(lambda: scripted.set_verdict(name, "pass"), lambda: scripted.delete_verdict(name, 1)),
        *(lambda: scripted.labels(name).to_list(), lambda: scripted.notes(name).to_list()),
        *(lambda: scripted.add_note(name, "a"), lambda: scripted.edit_note(name, 1, "a")),
        *(lambda: scripted.delete_note(name, 1), lambda: scripted.experiment(f"a/{name}")),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="neither an id nor a name"):
            call()

    assert server.requests == []


def test_token_is_sent_only_to_the_api(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer
) -> None:
    server.responses.append(ok({**SCREENSHOT, "url": f"{store.url}/a.webp?X-Amz-Signature=0f34"}))
    store.responses.append(Response(200, b"image"))

    assert scripted.screenshot_bytes("t.1") == b"image"
    assert [request.headers["Authorization"] for request in server.requests] == [f"Bearer {TOKEN}"]
    assert [request.path for request in store.requests] == ["/a.webp?X-Amz-Signature=0f34"]
    assert "Authorization" not in store.requests[0].headers
    assert TOKEN not in str(store.requests[0].headers)


def test_redirects_are_not_followed(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer
) -> None:
    server.responses.append(Response(302, b"", {"Location": f"{store.url}/api/me"}))

    with pytest.raises(ApiError) as error:
        scripted.caller()

    assert error.value.status == 302
    assert store.requests == []


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://[", "http://", "ftp://host/a"])
def test_url_of_a_file_must_be_http(scripted: AnyClient, url: str) -> None:
    with pytest.raises(InvalidResponseError, match="invalid URL"):
        scripted.download(url)


def test_url_of_a_file_must_be_as_secure_as_the_api(kind: str) -> None:
    with (
        connect(kind, "https://api.example", token=TOKEN) as client,
        pytest.raises(InvalidResponseError, match="invalid URL"),
    ):
        client.download("http://127.0.0.1/a.webp")


def test_rejected_download_does_not_show_the_url(
    scripted: AnyClient, store: ScriptedServer
) -> None:
    store.responses.append(Response(403, b"<Error/>"))
    signature = "0f34"

    with pytest.raises(DownloadError, match="status 403") as error:
        scripted.download(f"{store.url}/a.webp?X-Amz-Signature={signature}")

    assert signature not in str(error.value)


def test_report_is_awaited(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer
) -> None:
    pending = ok({"task_id": "t", "status": "in_progress"}, 202, Retry_After="1")
    server.responses += [pending, Response(302, b"", {"Location": f"{store.url}/report.pdf"})]
    store.responses.append(Response(200, b"%PDF"))

    assert scripted.report_file("t", "pdf", lang="zh") == b"%PDF"
    assert {request.path for request in server.requests} == {
        "/api/tasks/t/report?format=pdf&lang=zh&include_model_calls=false"
    }
    assert "Authorization" not in store.requests[0].headers


def test_report_is_not_awaited_longer_than_the_limit(
    scripted: AnyClient, server: ScriptedServer
) -> None:
    server.responses.append(ok({"status": "in_progress"}, 202, Retry_After="30"))

    with pytest.raises(ApiConnectionError, match="has not created the file yet"):
        scripted.report_file("t", "pdf", max_wait=1)


def test_failed_report_is_an_error(scripted: AnyClient, server: ScriptedServer) -> None:
    server.responses.append(problem(500, "export-failed", "The export failed."))

    with pytest.raises(ApiError) as error:
        scripted.report_file("t", "html")

    assert error.value.code == "export-failed"


def test_attachment_over_the_limit_is_not_downloaded(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer
) -> None:
    respond_with_attachment(server, store, bytes(16 * 1024 * 1024 + 1))

    with pytest.raises(InvalidResponseError, match="the file is larger than 16777216 bytes"):
        scripted.attachment_value("t.1")


def respond_with_attachment(
    server: ScriptedServer,
    store: ScriptedServer,
    content: bytes,
    headers: Mapping[str, str] | None = None,
) -> None:
    attachment = {
        **{"step_id": "t.1", "task_id": "t", "step_number": 1, "expires_at": None},
        **{
            "field": "model_input",
            "file_hash": "9f",
            "file_size": 1,
            "original_size": 1,
            "url": f"{store.url}/a.gz",
        },
    }
    server.responses.append(ok(attachment))
    store.responses.append(Response(200, content, dict(headers or {})))


@pytest.mark.parametrize(
    "content",
    [
        *[b"no gzip", gzip.compress(b"no JSON"), gzip.compress(b"{}")[:-9]],
        gzip.compress(b"{}")[:10] + b"\xff" * 10,
    ],
)
def test_attachment_that_is_no_json_is_an_error(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer, content: bytes
) -> None:
    respond_with_attachment(server, store, content)

    with pytest.raises(InvalidResponseError, match="not gzip of JSON"):
        scripted.attachment_value("t.1")


def test_attachment_is_inflated_up_to_a_limit(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer
) -> None:
    value = "x" * (16 * 1024 * 1024 - 1)  # as JSON one byte too long
    content = gzip.compress(json.dumps(value).encode())

    respond_with_attachment(server, store, content)
    with pytest.raises(InvalidResponseError, match="inflates to more than 16777216 bytes"):
        scripted.attachment_value("t.1")

    respond_with_attachment(server, store, content)
    assert scripted.attachment_value("t.1", max_bytes=16 * 1024 * 1024 + 1) == value


@pytest.mark.parametrize("headers", [{}, {"content-encoding": "gzip"}])
def test_memory_for_a_compressed_attachment_is_bounded(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer, headers: dict[str, str]
) -> None:
    respond_with_attachment(server, store, gzip.compress(bytes(128 * 1024 * 1024), 1), headers)

    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError, match="inflates to more than"):
            scripted.attachment_value("t.1")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


def test_token_is_not_shown(
    scripted: AnyClient, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.responses += [ok(CALLER), ok({"message": "Unauthorized"}, 401)]

    scripted.caller()
    with pytest.raises(AuthenticationError) as error:
        scripted.caller()

    assert str(error.value).startswith("the token was rejected and may have expired: Unauthorized")
    assert (error.value.code, error.value.trace_id) == (None, None)
    assert caplog.text
    assert TOKEN not in caplog.text + repr(scripted) + repr(error.value) + shown(error.value)


def test_presigned_urls_are_not_shown(
    scripted: AnyClient,
    server: ScriptedServer,
    store: ScriptedServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"{store.url}/a.webp?X-Amz-Signature=0f34"
    server.responses.append(ok({**SCREENSHOT, "url": url, "thumbnail_url": url}))
    store.responses.append(Response(200, b"image"))

    screenshot = scripted.screenshot("t.1")
    scripted.download(screenshot.url)

    assert screenshot.url == url
    assert f"{store.url}/a.webp" in caplog.text
    assert "X-Amz" not in caplog.text + repr(screenshot)


def test_token_is_not_sent_unencrypted_to_a_proxy(
    kind: str, server: ScriptedServer, store: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", store.url)
    monkeypatch.setenv("HTTPS_PROXY", store.url)
    server.responses.append(ok(CALLER))
    store.responses += [Response(403, b"")] * 2

    with connect(kind, server.url, token=TOKEN) as client:
        assert client.caller().owner == "ann"
    with (
        connect(kind, "https://api.example", token=TOKEN, retries=0) as client,
        pytest.raises(ApiConnectionError),
    ):
        client.caller()

    assert [request.method for request in store.requests] == ["CONNECT"]
    assert TOKEN not in str(store.requests[0].headers)


@pytest.mark.parametrize("proxy", ["socks5://h:1", "foo://h:1", "http://h:a"])
def test_invalid_proxy_is_an_error(kind: str, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setitem(sys.modules, "socksio", None)

    with (
        pytest.raises(ConfigurationError, match="proxy that the environment sets"),
        connect(kind, "https://api.example", token=TOKEN),
    ):
        pass


def test_representations_contain_the_address_and_the_model(kind: str) -> None:
    with connect(kind, "https://api.example/", token=TOKEN) as client:
        assert repr(client) == f"{kind}('https://api.example')"
        assert "Items of Step>" in repr(client.steps("t"))


def test_requests_name_the_version(
    scripted: AnyClient, server: ScriptedServer, store: ScriptedServer
) -> None:
    server.responses.append(ok(CALLER))
    store.responses.append(Response(200, b""))

    scripted.caller()
    scripted.download(store.url)

    for request in (server.requests[0], store.requests[0]):
        assert request.headers["User-Agent"] == f"steptrail/{steptrail.__version__}"


@pytest.mark.parametrize(
    "error",
    [
        NotFoundError(404, "not-found", "No task.", "t-1"),
        ApiError(502, None, "Bad Gateway"),
        DownloadError(403),
        ApiConnectionError("cannot be reached"),
    ],
)
def test_errors_can_be_sent_to_another_process(error: SteptrailError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
    assert re.search(r"[a-z]", str(error))
