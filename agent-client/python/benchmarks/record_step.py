"""Compares the time that a recorded step costs the agent's thread with a span of Langfuse.

    pip install . langfuse
    python benchmarks/record_step.py

Both drain while they are measured: Langfuse into a local server that answers 200, Steptrail into an
outbox. Bursts of both alternate in one process. Exits with 1 if a threshold is missed.
"""

from __future__ import annotations

import http.server
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import steptrail
from steptrail import _png

ROUNDS = 9
STEPS_PER_BURST = 200
PACED_STEPS = 60
PAUSE_SECONDS = 0.005
MAX_OF_SPAN = 1.0
MAX_OF_COPY = 2.0

ACTION = {"action": "Tap", "element": [499, 842]}
THINKING = "The slider is half way; I tap its right end."


class Accepts(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing."""


def serve(ports: multiprocessing.Queue[int]) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Accepts)
    ports.put(server.server_port)
    server.serve_forever()


def microseconds(act: Callable[[], object], steps: int, pause: float) -> float:
    """Returns the median time of a call."""
    times = []
    for _ in range(steps):
        if pause:
            time.sleep(pause)
        started_at = time.perf_counter_ns()
        act()
        times.append(time.perf_counter_ns() - started_at)
    return statistics.median(times) / 1000


def compare(
    name: str,
    limit: float,
    act: Callable[[], object],
    baseline: Callable[[], object],
    drain: Callable[[], object],
    steps: int,
    pause: float,
) -> bool:
    """Prints a row of the table. Returns whether the threshold is met."""
    times: list[float] = []
    baselines: list[float] = []
    for _ in range(ROUNDS):
        baselines.append(microseconds(baseline, steps, pause))
        times.append(microseconds(act, steps, pause))
        drain()
    ours, theirs = statistics.median(times), statistics.median(baselines)
    met = "met" if ours <= limit * theirs else "missed"
    print(f"| {name} | {ours:.1f} µs | {theirs:.1f} µs | {ours / theirs:.2f} | {limit} | {met} |")
    return met == "met"


def screenshot() -> bytes:
    """Returns a PNG of 1080 by 2400 pixels with about 1 MB, like the screen of a phone."""
    row = 1080 * 3
    rows = (os.urandom(row) if y % 8 == 0 else bytes(row) for y in range(2400))
    return _png.encode(_png.Pixels(1080, 2400, 3, b"".join(rows)))


def main() -> int:
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    multiprocessing.Process(target=serve, args=(ports,), daemon=True).start()
    address = f"http://127.0.0.1:{ports.get()}"
    os.environ |= {"LANGFUSE_PUBLIC_KEY": "pk-lf-local", "LANGFUSE_SECRET_KEY": "sk-lf-local"}
    os.environ |= {"LANGFUSE_HOST": address, "LANGFUSE_BASE_URL": address}
    from langfuse import Langfuse

    langfuse = Langfuse()
    png = screenshot()
    with tempfile.TemporaryDirectory() as outbox, steptrail.Tracker(outbox) as tracker:
        task = tracker.task("benchmark")

        def span() -> None:
            metadata = {"thinking": THINKING}
            observation = langfuse.start_observation(name="step", input=ACTION, metadata=metadata)
            observation.update(output={"success": True})
            observation.end()

        def step() -> None:
            task.step(ACTION, thinking=THINKING, action_result={"success": True}, success=True)

        def step_with_screenshot() -> None:
            task.step(ACTION, thinking=THINKING, before=png, success=True)

        def copy() -> bytes:
            return bytes(memoryview(png))

        def drain() -> None:
            tracker.flush()
            langfuse.flush()

        for act in (span, step, step_with_screenshot):
            microseconds(act, 20, PAUSE_SECONDS)
        drain()
        print("| step | Steptrail | baseline | ratio | limit | |")
        print("|---|---|---|---|---|---|")
        met = [
            compare("burst / span", MAX_OF_SPAN, step, span, drain, STEPS_PER_BURST, 0),
            compare("paced / span", MAX_OF_SPAN, step, span, drain, PACED_STEPS, PAUSE_SECONDS),
            compare(
                f"PNG of {len(png) // 1000} kB / copy",
                *(MAX_OF_COPY, step_with_screenshot, copy, drain, 20, PAUSE_SECONDS),
            ),
        ]
        task.succeed()
        tracker.flush()
        stats = tracker.stats()
        lost = {**stats.dropped_steps, **stats.dropped_screenshots}
        print(f"\n{stats.written} steps written, lost: {lost or 'none'}")
    return 0 if all(met) and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
