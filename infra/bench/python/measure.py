"""Measures what recording costs the thread of an agent, and prints medians as JSON.

    measure.py --outbox DIR --rounds N

`steptrail ship` must ship the outbox while this program runs. Steptrail and its baseline are
measured alternately, and both deliver what they recorded before the next measurement starts. Fails
if something was lost, because losing a step is cheaper than recording it.
"""

from __future__ import annotations

import argparse
import base64
import json
import platform
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median

import langfuse
import steptrail
from screens import create_screen

BURST_STEPS = 1000
PACED_STEPS = 100
PACE_SECONDS = 0.005
SCREENS = 20
LOOP_STEPS = 20
LOOP_STEP_SECONDS = 0.2
IMPORTS_PER_ROUND = 3
DELIVERY_TIMEOUT_SECONDS = 120

ACTION = {"action": "Tap", "element": [499, 842]}
THINKING = "The slider is half way to the right. To turn the volume up I tap near its right end."
DURATION_SECONDS = 3.12

Measure = Callable[[], float]


class SteptrailRecorder:
    """The recorder with its default settings."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox
        self._tracker = steptrail.Tracker(outbox, agent="bench")
        self._task = self._tracker.task("Set the volume to the maximum")

    def record(self) -> None:
        self._task.step(ACTION, thinking=THINKING, duration=DURATION_SECONDS, success=True)

    def record_screens(self, before: bytes, after: bytes | None = None) -> None:
        self._task.step(
            ACTION,
            thinking=THINKING,
            duration=DURATION_SECONDS,
            success=True,
            before=before,
            after=after,
        )

    def deliver(self) -> None:
        """Waits until everything that was recorded is delivered. Raises if something was lost."""
        deadline = time.monotonic() + DELIVERY_TIMEOUT_SECONDS
        self._tracker.flush(DELIVERY_TIMEOUT_SECONDS)
        while not self._is_shipped():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._outbox} was not shipped: {self._tracker.stats()}")
            time.sleep(0.05)
        stats = self._tracker.stats()
        if stats.queued or stats.written != self._task.last_step_number:
            raise RuntimeError(f"steps were lost: {stats}")
        if stats.dropped_screenshots:
            raise RuntimeError(f"screenshots were dropped: {stats}")

    def _is_shipped(self) -> bool:
        """Returns whether the shipper has delivered all lines of the task."""
        [steps] = self._outbox.glob("*/steps.jsonl")
        shipped = steps.with_name("shipped")
        return shipped.exists() and int(shipped.read_text()) == steps.stat().st_size

    def close(self) -> None:
        self._task.succeed()
        self._tracker.close()


class LangfuseRecorder:
    """Langfuse's SDK with its default settings. It sends spans to a server in another process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = langfuse.Langfuse(public_key="bench", secret_key="bench", base_url=url)
        self._task = self._client.start_observation(name="Set the volume to the maximum")
        self._recorded = 0

    def record(self) -> None:
        self._recorded += 1
        self._task.start_observation(
            name="step",
            as_type="span",
            input=ACTION,
            metadata={"thinking": THINKING, "duration": DURATION_SECONDS, "success": True},
        ).end()

    def deliver(self) -> None:
        """Waits until everything that was recorded is delivered. Raises if something was lost."""
        self._client.flush()
        with urllib.request.urlopen(self._url) as response:
            received = int(response.read())
        if received != self._recorded:
            raise RuntimeError(f"the server received {received} of {self._recorded} spans")

    def close(self) -> None:
        self._client.shutdown()


@contextmanager
def span_server() -> Iterator[str]:
    """Runs a server that answers 200 to Langfuse's SDK. Yields its URL."""
    program = Path(__file__).with_name("span_server.py")
    with subprocess.Popen(
        [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        # The end of the block closes its standard input, at which the server exits.


def medians(rounds: int, steptrail: Measure, baseline: Measure) -> dict[str, float]:
    """Measures both in turn, after a round for warming up. The order changes from round to
    round."""
    values: dict[str, list[float]] = {"steptrail": [], "baseline": []}
    subjects = [("steptrail", steptrail), ("baseline", baseline)]
    for number in range(rounds + 1):
        for name, measure in subjects:
            value = measure()
            if number > 0:
                values[name].append(value)
        subjects.reverse()
    return {name: median(measured) for name, measured in values.items()}


def burst(calls: int, call: Callable[[], object], deliver: Callable[[], None]) -> Measure:
    """Returns the microseconds for each of several calls without a pause. The time includes waiting
    for the recorder's own threads, which share the interpreter's lock."""

    def measure() -> float:
        started = time.perf_counter_ns()
        for _ in range(calls):
            call()
        elapsed = time.perf_counter_ns() - started
        deliver()
        return elapsed / calls / 1e3

    return measure


def paced(calls: int, call: Callable[[], object], deliver: Callable[[], None]) -> Measure:
    """Returns the median in microseconds of several calls, with a pause before each."""

    def measure() -> float:
        elapsed = []
        for _ in range(calls):
            time.sleep(PACE_SECONDS)
            started = time.perf_counter_ns()
            call()
            elapsed.append(time.perf_counter_ns() - started)
        deliver()
        return median(elapsed) / 1e3

    return measure


def process(code: str) -> Measure:
    """Returns the milliseconds that a Python process takes."""

    def measure() -> float:
        elapsed = []
        for _ in range(IMPORTS_PER_ROUND):
            started = time.perf_counter_ns()
            subprocess.run([sys.executable, "-c", code], check=True)
            elapsed.append(time.perf_counter_ns() - started)
        return median(elapsed) / 1e6

    return measure


def agent_loop(screens: list[bytes], recorder: SteptrailRecorder | None) -> Measure:
    """Returns the seconds of a loop that sends screens to a model and acts.

    Each step builds the request with its screen, and waits for 200 ms in place of the model and the
    phone.
    """

    def measure() -> float:
        started = time.perf_counter_ns()
        for number in range(LOOP_STEPS):
            before, after = screens[number % len(screens)], screens[(number + 1) % len(screens)]
            json.dumps({"image": base64.b64encode(before).decode()})
            time.sleep(LOOP_STEP_SECONDS)
            if recorder is not None:
                recorder.record_screens(before, after)
        elapsed = time.perf_counter_ns() - started
        if recorder is not None:
            recorder.deliver()
        return elapsed / 1e9

    return measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outbox", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    arguments = parser.parse_args()
    screens = [create_screen(seed) for seed in range(SCREENS)]
    with span_server() as url:
        ours, spans = SteptrailRecorder(arguments.outbox), LangfuseRecorder(url)
        rounds = arguments.rounds
        next_screen = cycle(screens).__next__

        def record_screen() -> None:
            ours.record_screens(next_screen())

        def copy_screen() -> None:
            bytearray(next_screen())

        def nothing() -> None:
            """Delivers nothing."""

        results = {
            "burst": medians(
                rounds,
                burst(BURST_STEPS, ours.record, ours.deliver),
                burst(BURST_STEPS, spans.record, spans.deliver),
            ),
            "paced": medians(
                rounds,
                paced(PACED_STEPS, ours.record, ours.deliver),
                paced(PACED_STEPS, spans.record, spans.deliver),
            ),
            "screen_burst": medians(
                rounds,
                burst(SCREENS, record_screen, ours.deliver),
                burst(SCREENS, copy_screen, nothing),
            ),
            "screen_paced": medians(
                rounds,
                paced(SCREENS, record_screen, ours.deliver),
                paced(SCREENS, copy_screen, nothing),
            ),
            "import": medians(rounds, process("import steptrail"), process("pass")),
            "import_recorder": medians(
                rounds, process("import steptrail; steptrail.Tracker"), process("pass")
            ),
            "loop": medians(rounds, agent_loop(screens, ours), agent_loop(screens, None)),
        }
        ours.close()
        spans.close()
    report = {
        "python": platform.python_version(),
        "langfuse": langfuse.__version__,
        "medians": results,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
