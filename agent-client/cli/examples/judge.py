#!/usr/bin/env python3
"""An evaluator for `steptrail evaluate --command`, as a starting point for your own.

Reads {"task": {...}, "steps": [...]} from standard input and prints {"value": "pass|fail|unclear", "reason": "..."}.
Each screenshot of a step has a local "path", unless --no-screenshots is given. The files are deleted afterwards.
"""

import json
import sys

MAX_REPEATS = 5


def judge(task, steps):
    if not steps:
        return "unclear", "the task has no steps"
    repeats = 1
    for previous, step in zip(steps, steps[1:]):
        repeats = repeats + 1 if step["action"] == previous["action"] else 1
        if repeats >= MAX_REPEATS:
            return "fail", f"step {step['step_number']} repeats the same action for the {repeats}th time"
    if task["status"] != "succeeded":
        return "fail", f"the task ended as {task['status']}"
    paths = [screenshot["path"] for step in steps for screenshot in step["screenshots"] if "path" in screenshot]
    if not paths:
        return "unclear", "the task has no screenshot"
    with open(paths[-1], "rb") as file:
        picture = file.read()  # send this to a model, with the instruction and the final message
    return "pass", f"no loop in {len(steps)} steps; the last screenshot has {len(picture)} bytes"


data = json.load(sys.stdin)
value, reason = judge(data["task"], data["steps"])
print(json.dumps({"value": value, "reason": reason}))
