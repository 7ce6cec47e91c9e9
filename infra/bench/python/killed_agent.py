"""Records steps with the durability `written` until it is killed.

    killed_agent.py OUTBOX

Prints the id of its task, then the number of each step after the recorder has confirmed it. Exits
with a message if a step was not confirmed.
"""

from __future__ import annotations

import sys

import steptrail
from screens import encode_png

SCREENSHOT_INTERVAL = 20
"""One step in so many has a small screenshot: the shipper takes much longer to encode one than an
agent to record it."""

CONFIRMATION_TIMEOUT_SECONDS = 60


def main() -> None:
    tracker = steptrail.Tracker(
        sys.argv[1],
        agent="bench",
        durability="written",
        durability_timeout=CONFIRMATION_TIMEOUT_SECONDS,
    )
    screenshot = encode_png(32, 32, bytes(32 * 32 * 3))
    task = tracker.task("Record until killed")
    print(task.id, flush=True)
    while True:
        has_screenshot = task.last_step_number % SCREENSHOT_INTERVAL == 0
        number = task.step(
            {"action": "Tap", "element": [499, 842]},
            thinking="To turn the volume up I tap near its right end.",
            success=True,
            before=screenshot if has_screenshot else None,
        )
        stats = tracker.stats()
        if stats.unconfirmed or stats.dropped_steps or stats.dropped_screenshots:
            sys.exit(f"a step was not confirmed: {stats}")
        print(number, flush=True)


if __name__ == "__main__":
    main()
