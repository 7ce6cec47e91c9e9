"""A server with the API of OpenAI that gives scripted replies and keeps its requests."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {"prompt_tokens": 1200, "completion_tokens": 34, "total_tokens": 1234}


@dataclass(frozen=True)
class Reply:
    """One scripted reply.

    status: of the HTTP response; not 200: `text` is the error message.
    hangs: the stream stops after two chunks and remains open until the client disconnects.
    usage: the tokens that the server reports; None: it reports none.
    unasked_usage: report the tokens of a stream although the request did not ask for them.
    tool: the name and the arguments of a tool that the model calls, without streaming.
    """

    text: str
    status: int = 200
    hangs: bool = False
    usage: dict[str, Any] | None = None
    unasked_usage: bool = False
    tool: tuple[str, dict[str, Any]] | None = None


class ModelServer:
    """Serves on a free port of the loopback interface until it is closed. Thread-safe."""

    def __init__(self) -> None:
        self.requests: list[list[dict[str, Any]]] = []
        self._scripts: list[list[Reply]] = []
        self._number = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, scripts: list[list[Reply]]) -> None:
        """Forgets the requests so far, and gives the replies of each scenario from now on."""
        with self._lock:
            self._scripts = [list(script) for script in scripts]
            self.requests = [[] for _ in scripts]

    def begin_scenario(self, number: int) -> None:
        with self._lock:
            self._number = number

    def next_reply(self, request: dict[str, Any]) -> Reply:
        with self._lock:
            self.requests[self._number].append(request)
            script = self._scripts[self._number]
            return script.pop(0) if script else Reply("the script has no further reply", status=400)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # the client has disconnected
                super().handle()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return "Thu, 01 Jan 2026 00:00:00 GMT"  # agents copy it into their errors

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path.endswith("/scenario"):
                server.begin_scenario(body["number"])
                self._send(200, "application/json", b"{}")
                return
            headers = {
                name.lower(): value
                for name, value in self.headers.items()
                if name.lower() != "host"
            }
            reply = server.next_reply({"path": self.path, "headers": headers, "body": body})
            if reply.status != 200:
                error = {
                    "error": {
                        "message": reply.text,
                        "type": "scripted",
                        "code": None,
                        "param": None,
                    }
                }
                self._send(reply.status, "application/json", json.dumps(error).encode())
            elif body.get("stream"):
                self._stream(reply, body)
            else:
                answer = (
                    _response(reply)
                    if self.path.endswith("/responses")
                    else _completion(reply, body)
                )
                self._send(200, "application/json", json.dumps(answer).encode())

        def _send(self, status: int, content_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _stream(self, reply: Reply, body: dict[str, Any]) -> None:
            self.close_connection = True
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            events = (
                _response_events(reply)
                if self.path.endswith("/responses")
                else _chunks(reply, body)
            )
            try:
                for number, event in enumerate(events):
                    name = f"event: {event['type']}\n" if "type" in event else ""
                    self.wfile.write(f"{name}data: {json.dumps(event)}\n\n".encode())
                    self.wfile.flush()
                    while reply.hangs and number == 1:
                        time.sleep(0.05)
                        self.wfile.write(b": still there\n\n")
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                pass  # the client has disconnected

    return Handler


def _parts(text: str) -> list[str]:
    return [text[i : i + 7] for i in range(0, len(text), 7)]


def _completion(reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if reply.tool:
        function = {"name": reply.tool[0], "arguments": json.dumps(reply.tool[1])}
        message["tool_calls"] = [{"id": "call-1", "type": "function", "function": function}]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        **({"usage": reply.usage} if reply.usage else {}),
    }


def _chunks(reply: Reply, body: dict[str, Any]) -> list[dict[str, Any]]:
    def chunk(choices: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        base = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body["model"],
        }
        return {**base, "choices": choices, **more}

    chunks = [
        chunk([{"index": 0, "delta": {"content": part}, "finish_reason": None}])
        for part in _parts(reply.text)
    ]
    chunks.append(chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}]))
    asked = (body.get("stream_options") or {}).get("include_usage")
    if reply.usage and (asked or reply.unasked_usage):
        chunks.append(chunk([], usage=reply.usage))
    return chunks


def _response(reply: Reply) -> dict[str, Any]:
    content = [{"type": "output_text", "text": reply.text, "annotations": []}]
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "model",
        "status": "completed",
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "output": [
            {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        ],
        **({"usage": reply.usage} if reply.usage else {}),
    }


def _response_events(reply: Reply) -> list[dict[str, Any]]:
    where = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    deltas: list[dict[str, Any]] = [
        {"type": "response.output_text.delta", "delta": part, **where}
        for part in _parts(reply.text)
    ]
    events = [*deltas, {"type": "response.completed", "response": _response(reply)}]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]
