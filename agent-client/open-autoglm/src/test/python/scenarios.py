"""Runs a scenario without tracking and with it: python3 scenarios.py NAME OUTBOX

Prints one JSON object: `plain` and `tracked`, each with the results and exceptions of the agent's methods and the calls of the
phone; `stats` and `task_id` of the recording; `logged`, the lines of the log.
"""

import base64
import dataclasses
import json
import logging
import multiprocessing
import os
import pathlib
import random
import shutil
import statistics
import sys
import threading
import time

import hostile
import models
import redactions
from phone_agent import device_factory
from phone_agent.agent import ActionHandler, AgentConfig, ModelClient, ModelConfig, ModelResponse, PhoneAgent
from phone_agent.agent_ios import IOSPhoneAgent
from steptrail_open_autoglm import tracked

TASK = "查一下今天的天气"


def do(action, thinking="想一想", **times):
    return ModelResponse(thinking, action, **times)


LAUNCH = do('do(action="Launch", app="天气")', time_to_first_token=0.41, time_to_thinking_end=1.5, total_time=2.3)
TAP = do('do(action="Tap", element=[499, 842])')
PAY = do('do(action="Tap", element=[1, 2], message="Pay 5 yuan?")')
TAKE_OVER = do('do(action="Take_over", message="Please sign in")')
FINISH = do('finish(message="Done: 21 度")')


def run(agent, log):
    log(agent.run, TASK)


def step_by_step(agent, log):
    log(agent.step)  # raises, because the first step needs a task
    log(agent.step, TASK)
    log(agent.step)
    log(agent.reset)
    log(agent.step, "another task")
    log(agent.step)  # finishes
    log(agent.step)  # continues the same conversation
    log(lambda: agent.step_count)


def looks_that(show):
    def prepare(phone):
        phone.show = show(phone.show)

    return prepare


def shows(screenshot):
    """The same kind of screenshot for each capture."""
    return looks_that(lambda show: lambda look: screenshot(*dataclasses.astuple(show(look))))


def with_device(device_id):
    return AgentConfig(device_id=device_id)


class ReturnsEarly(PhoneAgent):
    def run(self, task):
        self._execute_step(task, is_first=True)
        self._execute_step()
        return "That is enough"


SCENARIOS = {
    "finished": dict(replies=[LAUNCH, TAP, TAKE_OVER, FINISH]),
    "model_error": dict(replies=[TAP, ConnectionError("the model is away")]),
    "unparseable": dict(replies=[TAP, do("我不知道该怎么办")]),
    "max_steps": dict(replies=[TAP] * 3, max_steps=3),
    "action_raises": dict(replies=[TAP, do('do(action="Explode")')]),
    "interrupted": dict(replies=[TAP, do('do(action="Interrupt")')]),
    "phone_is_away": dict(
        replies=[TAP, TAP], prepare=looks_that(lambda show: lambda look: show(look) if look == 1 else TimeoutError("adb"))
    ),
    "refused": dict(replies=[PAY], confirm=lambda message: False),
    "allowed": dict(replies=[PAY, FINISH]),
    "step_by_step": dict(replies=[TAP, TAP, TAP, FINISH, FINISH], play=step_by_step),
    "after_frames": dict(replies=[TAP, FINISH], after_frames=True),
    "ios_after_frames": dict(replies=[TAP, FINISH], after_frames=True, agent=IOSPhoneAgent),
    "after_frame_fails": dict(
        replies=[TAP, FINISH],
        after_frames=True,
        prepare=looks_that(lambda show: lambda look: TimeoutError("adb") if look == 2 else show(look)),
    ),
    "no_picture": dict(
        replies=[TAP, FINISH],
        prepare=looks_that(lambda show: lambda look: device_factory.Screenshot(["", "bm8gUE5H", "%%%"][look], 1, 1)),
    ),
    "garbage": dict(
        replies=[
            do('do(action="Tap", a=1e999, b=b"\\x00", c={1, 2}, d=%s, e="\\ud800", f={(1,): None}, g=1j)' % ("9" * 4000)),
            do('do(action="Tap", deep=%s1%s)' % ("[" * 150, "]" * 150)),
            FINISH,
        ]
    ),
    "unprintable_values": dict(
        replies=[do('do(action="Tap")'), FINISH], config=with_device(hostile.Unprintable()), tracking=dict(metadata=hostile.METADATA)
    ),
    "silent_model_error": dict(replies=[hostile.SilentError()]),
    "silent_phone_error": dict(replies=[TAP], prepare=looks_that(lambda show: lambda look: hostile.SilentError())),
    "unreadable_screenshot": dict(replies=[TAP, FINISH], prepare=shows(lambda *_: hostile.Undeterminable())),
    "screenshot_of_unknown_sensitivity": dict(replies=[FINISH], prepare=shows(hostile.OfUnknownSensitivity)),
    "undecided_person": dict(replies=[PAY], confirm=lambda message: hostile.Undecided()),
    "exits": dict(replies=[TAP, TAP], play=lambda agent, log: log(agent.step, TASK)),
    "returns_early": dict(replies=[TAP] * 2, agent=ReturnsEarly),
    "subclass": dict(replies=[TAP, FINISH], agent=type("MyAgent", (PhoneAgent,), {})),
    "redacted_texts": dict(replies=[LAUNCH, TAP, FINISH], tracking=dict(redact_text=redactions.without_weather)),
    "failing_text_redactor": dict(replies=[LAUNCH, TAP, FINISH], tracking=dict(redact_text=redactions.raises_on_weather)),
    "redacted_regions": dict(
        replies=[TAP, FINISH], tracking=dict(redact_screenshot=[(0, 0, 54, 10), (50, 110, 100, 100), (54, 0, 10, 10)])
    ),
    "model_calls": dict(
        agent=models.SendsImages,
        client=models.StreamingClient,
        replies=[TAP, LAUNCH, FINISH],
        tracking=dict(record_model_calls=True, include_usage=True, redact_text=redactions.without_weather),
    ),
    "usage_only": dict(client=models.StreamingClient, replies=[TAP, FINISH]),
    "hostile_usage": dict(client=models.HostileClient, replies=[TAP, FINISH], tracking=dict(record_model_calls=True)),
    "usage_of_response": dict(client=models.ReportingClient, replies=[TAP, FINISH]),
    "chosen_redaction": dict(replies=[TAP] * 5 + [FINISH], tracking=dict(redact_screenshot=redactions.chosen)),
}


def play(name, outbox):
    scenario = SCENARIOS[name]
    device_factory.phone = device_factory.Phone()
    scenario.get("prepare", lambda phone: None)(device_factory.phone)
    handler = ActionHandler(confirmation_callback=scenario.get("confirm"))
    config = scenario.get("config") or AgentConfig(max_steps=scenario.get("max_steps", 100))
    model = scenario.get("client", ModelClient)(scenario["replies"])
    agent = scenario.get("agent", PhoneAgent)(model, config, handler)
    if outbox is not None:
        after_frames = scenario.get("after_frames", False)
        agent = tracked(agent, outbox, **{"after_frames": after_frames, "metadata": {"lab": "north"}, **scenario.get("tracking", {})})
    outcomes = []

    def log(method, *args):
        try:
            outcomes.append(repr(method(*args)))
        except BaseException as e:
            outcomes.append(f"raised {type(e).__name__} {e.args}")

    scenario.get("play", run)(agent, log)
    return agent, {"outcomes": outcomes, "phone": device_factory.phone.calls, "requests": getattr(model, "requests", None)}


def compare(name, outbox):
    _, plain = play(name, None)
    agent, tracked_ = play(name, outbox)
    output = {"plain": plain, "tracked": tracked_, "task_id": agent.steptrail.task_id}
    if name != "exits":  # that scenario tests a process that exits without a flush
        output["flushed"] = agent.steptrail.flush(30)
    return {**output, "stats": agent.steptrail.stats()}


def stuck_disk(outbox):
    """No write returns before the agent has finished, so an agent that waited for one would never finish."""
    done = threading.Event()
    write = os.write
    os.write = lambda *args: done.wait() and write(*args)
    agent, outcome = play("finished", outbox)
    done.set()
    return {"tracked": outcome, "flushed": agent.steptrail.flush(30), "task_id": agent.steptrail.task_id}


def full_disk(outbox):
    """The third record is written partly, and the next writes fail; then there is space again."""
    write, calls = os.write, []

    def failing(file, data):
        calls.append(file)
        if len(calls) == 3:
            return write(file, data[:20])
        if len(calls) in (4, 5, 6):
            raise OSError(28, "No space left on device")
        return write(file, data)

    os.write = failing
    return compare("finished", outbox)


def torn_line(outbox):
    """Like full_disk, but truncating the file fails too."""

    def refusing(file, size):
        raise OSError(5, "Input/output error")

    os.ftruncate = refusing
    return full_disk(outbox)


def two_torn_lines(outbox):
    """The second and fourth steps are written partly, and the second one cannot be truncated."""
    write, truncate, torn = os.write, os.ftruncate, []

    def tearing(file, data):
        number = next((n for n in (2, 4) if b'"step_number": %d' % n in bytes(data)), None)
        if number is None:
            return write(file, data)
        if number in torn:
            raise OSError(28, "No space left on device")
        torn.append(number)
        return write(file, data[:20])

    def refusing(file, size):
        if torn == [2]:
            raise OSError(5, "Input/output error")
        truncate(file, size)

    os.write, os.ftruncate = tearing, refusing
    return compare("finished", outbox)


def end_that_fails(outbox):
    """The end of the task is written at the third attempt."""
    write, refused = os.write, []

    def failing(file, data):
        if b"task_ended" in bytes(data) and len(refused) < 2:
            refused.append(file)
            raise OSError(28, "No space left on device")
        return write(file, data)

    os.write = failing
    agent, _ = play("finished", outbox)
    return {"ended": await_end(agent), "stats": agent.steptrail.stats()}


def await_end(agent):
    """Waits up to 20 s until the end of the last task is written, and returns whether it is."""
    until = time.monotonic() + 20
    agent.steptrail.flush(20)
    while agent.steptrail._writer._pending_end is not None and time.monotonic() < until:
        time.sleep(0.02)
    return agent.steptrail._writer._pending_end is None


def many_steps(outbox, then=lambda: None, **tracking):
    """300 steps of 3 KB, each with a screenshot of 20 KB."""
    noise = random.Random(1)
    picture = device_factory.png(54, 120, 0) + noise.randbytes(20_000)  # bytes after the end of a PNG are ignored
    device_factory.phone.show = lambda look: device_factory.Screenshot(base64.b64encode(picture).decode(), 54, 120)
    replies = [do('do(action="Tap")', "x" * 3000)] * 299 + [FINISH]
    agent = tracked(PhoneAgent(ModelClient(replies), AgentConfig(1000)), outbox, **tracking)
    result = agent.run(TASK)
    agent.steptrail.flush(30)
    then()
    return {"result": result, "ended": await_end(agent), "stats": agent.steptrail.stats()}


def limited_files(outbox):
    """Files may not exceed 200 KB until all steps are recorded."""
    import resource

    no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    return many_steps(outbox, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, no_limit))


def full_outbox(outbox):
    return many_steps(outbox, max_outbox_bytes=1024 * 1024)


def killed_in_a_full_outbox(outbox):
    """Another writer has filled the outbox, so that all six steps are dropped, in two groups of three."""
    import steptrail_open_autoglm as module

    module._LOSSES_INTERVAL_SECONDS = 0.5
    filling = pathlib.Path(outbox, "others")
    filling.parent.mkdir()
    filling.write_bytes(bytes(1024 * 1024))
    agent = tracked(PhoneAgent(ModelClient([TAP] * 6)), outbox, max_outbox_bytes=1024 * 1024)
    for _ in range(2):
        for _ in range(3):
            agent.step(TASK)
        agent.steptrail.flush(20)
        time.sleep(0.6)
    print(json.dumps({"stats": agent.steptrail.stats()}), flush=True)
    os._exit(0)


def outbox_that_had_room_again(outbox):
    """The outbox has space again, as after a shipper has delivered a part of it."""
    import steptrail_open_autoglm as module

    module._OutboxQuota._FULL_INTERVAL_SECONDS = module._OutboxQuota._INTERVAL_SECONDS = 0.0
    filling = pathlib.Path(outbox, "others")
    filling.parent.mkdir()
    filling.write_bytes(bytes(1024 * 1024))
    agent = tracked(PhoneAgent(ModelClient([TAP, TAP, FINISH])), outbox, max_outbox_bytes=1024 * 1024)
    agent.step(TASK)
    agent.steptrail.flush(20)
    filling.unlink()
    time.sleep(0.5)  # measuring the outbox takes at most 1/50 of the time
    agent.step()
    agent.step()
    return {"flushed": agent.steptrail.flush(20), "stats": agent.steptrail.stats()}


def changed_directory(outbox):
    """A relative outbox path is resolved when the agent is tracked."""
    elsewhere = pathlib.Path(outbox).with_name("elsewhere")
    elsewhere.mkdir()
    os.chdir(pathlib.Path(outbox).parent)
    agent = tracked(PhoneAgent(ModelClient([TAP, FINISH])), pathlib.Path(outbox).name)
    agent.step(TASK)
    agent.steptrail.flush(20)
    os.chdir(elsewhere)
    agent.step()
    return {"flushed": agent.steptrail.flush(20), "elsewhere": os.listdir(elsewhere)}


def removed_folder(outbox):
    """The outbox is removed while a task is recorded."""
    agent = tracked(PhoneAgent(ModelClient([TAP, TAP, FINISH])), outbox)
    agent.step(TASK)
    agent.steptrail.flush(20)
    shutil.rmtree(outbox)
    agent.step()
    agent.step()
    return {"flushed": agent.steptrail.flush(20), "stats": agent.steptrail.stats()}


def long_records(outbox):
    """A task and a step that exceed the size limit of a record."""
    agent = tracked(PhoneAgent(ModelClient([do("do(action='Tap')", "y" * 17_000_000), FINISH])), outbox)
    agent.run("x" * 17_000_000)
    return {"flushed": agent.steptrail.flush(30), "stats": agent.steptrail.stats()}


def error_of(attempt):
    try:
        attempt()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def experiment(outbox):
    """The first of two tasks is a part of an experiment."""
    agent = tracked(PhoneAgent(ModelClient([FINISH, FINISH])), outbox, redact_text=redactions.without_weather)
    wrong = [dict(experiment=""), dict(experiment="e", case_id=1), dict(experiment="e", repeat=-1), dict(experiment="x" * 201)]
    wrong += [dict(experiment=name) for name in ("100% v2", "a\\b", "a//b", "a\tb", "a/..")]
    errors = [error_of(lambda: agent.steptrail.next_task(**arguments)) for arguments in wrong]
    attributes = {"app_version": "8.1", "city": "天气"}
    agent.steptrail.next_task(experiment="nightly/.7", case_id="alarm", repeat=2, attributes=attributes)
    agent.run("first")
    agent.run("second")
    return {"errors": errors, "flushed": agent.steptrail.flush(30)}


def long_model_input(outbox):
    """A step whose record exceeds the size limit because of what the model received."""
    agent = tracked(PhoneAgent(ModelClient([TAP, FINISH])), outbox, record_model_calls=True)
    agent.run("x" * 17_000_000)
    return {"flushed": agent.steptrail.flush(30), "stats": agent.steptrail.stats()}


def addresses(outbox):
    urls = [hostile.SECRET_ADDRESS, "http://[::1]:8000/v1", "bob:sk-SECRET@proxy/v1", "https://bob:sk/SECRET@proxy", "http://[", None, 7]
    for url in urls:
        agent = PhoneAgent(ModelClient([FINISH]))
        agent.model_config = ModelConfig(base_url=url)
        tracked(agent, outbox).run(str(urls.index(url)))
        agent.steptrail.flush(20)
    return {}


def values_without_end(outbox):
    """An action and metadata of nested lists that contain the next list twice: 2^99 values in all."""
    agent = PhoneAgent(ModelClient([TAP, FINISH]))
    execute = agent.action_handler.execute

    def doubling(action, *size):
        action["deep"] = hostile.doubled()
        return execute(action, *size)

    agent.action_handler.execute = doubling
    start = time.monotonic()
    tracked(agent, outbox, metadata={"good": 1, "deep": hostile.doubled()}).run(TASK)
    return {"took_s": time.monotonic() - start, "flushed": agent.steptrail.flush(30)}


def interrupted_reading(outbox):
    """A KeyboardInterrupt while the recording reads a screenshot reaches the agent."""
    device_factory.phone.show = lambda look: hostile.Stopping()
    agent = tracked(PhoneAgent(ModelClient([TAP])), outbox)
    try:
        raised = repr(agent.run(TASK))
    except BaseException as e:
        raised = type(e).__name__
    return {"raised": raised, "flushed": agent.steptrail.flush(20)}


def cost_of_a_step(outbox):
    """The time that a step takes on the agent's thread, in milliseconds, with a screenshot of 1080x2400 (1.2 MB of base64)."""
    noise = random.Random(1)
    shown = base64.b64encode(device_factory.png(1080, 2400, 0) + noise.randbytes(900_000)).decode()
    device_factory.phone.show = lambda look: device_factory.Screenshot(shown, 1080, 2400)

    def median(agent):
        agent.step(TASK)
        took = []
        for _ in range(100):
            time.sleep(0.01)  # like a model's response time, so that the queue does not fill
            start = time.perf_counter()
            agent.step()
            took.append(1000 * (time.perf_counter() - start))
        return statistics.median(took)

    def agent():
        return PhoneAgent(ModelClient([TAP] * 101))

    plain = median(agent())
    recording = tracked(agent(), outbox)
    return {"plain_ms": plain, "tracked_ms": median(recording), "flushed": recording.steptrail.flush(30)}


def lost_outbox(outbox):
    agent = tracked(PhoneAgent(ModelClient([TAP, FINISH] * 20)), outbox)
    shutil.rmtree(outbox)
    pathlib.Path(outbox).write_text("a file where the outbox was")
    results = {agent.run(TASK) for _ in range(20)}
    return {"results": sorted(results), "flushed": agent.steptrail.flush(30), "stats": agent.steptrail.stats()}


def full_queue(outbox):
    import steptrail_open_autoglm as module

    module.MAX_QUEUED_RECORDS = 3
    module.MAX_QUEUED_SCREENSHOT_CHARS = 2 * len(device_factory.Phone().show(1).base64_data) + 50
    done, write = threading.Event(), os.write
    os.write = lambda *args: done.wait() and write(*args)
    agent = tracked(PhoneAgent(ModelClient([TAP] * 5 + [FINISH])), outbox)
    agent.run(TASK)
    done.set()
    return {"flushed": agent.steptrail.flush(30), "task_id": agent.steptrail.task_id, "stats": agent.steptrail.stats()}


def two_agents(outbox):
    """Two agents on two threads that share one model client."""
    model = ModelClient([TAP] * 40)
    agents = [tracked(PhoneAgent(model, AgentConfig(max_steps=20)), outbox) for _ in range(2)]
    threads = [threading.Thread(target=agent.run, args=(f"task {i}",)) for i, agent in enumerate(agents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"flushed": all(agent.steptrail.flush(30) for agent in agents)}


def forked(outbox):
    """Forks during a task, while another thread holds the locks: a child that runs a task, one that continues this task, and
    one with a new agent."""
    agent = tracked(PhoneAgent(ModelClient([TAP, TAP, FINISH])), outbox)
    agent.step(TASK)
    agent.steptrail.flush(20)
    holds, done, exits = threading.Event(), threading.Event(), []

    def hold():
        writer = agent.steptrail._writer
        with writer._lock, writer.ledger._lock, writer.ledger.losses._lock, writer.open_task.losses._lock:
            holds.set()
            done.wait()

    def own():
        tracked(PhoneAgent(ModelClient([TAP, FINISH])), outbox).run("a task of the child's own agent")

    holder = threading.Thread(target=hold)
    holder.start()
    holds.wait()
    for target in (lambda: agent.run("the child's task"), agent.step, own):
        child = multiprocessing.get_context("fork").Process(target=target)
        child.start()
        child.join(20)
        exits.append(child.exitcode)
        child.kill()
    done.set()
    holder.join()
    agent.step()
    agent.step()
    return {"exits": exits, "flushed": agent.steptrail.flush(20), "task_id": agent.steptrail.task_id, "stats": agent.steptrail.stats()}


def discarded(outbox):
    agent, _ = play("exits", outbox)
    task_id, writer = agent.steptrail.task_id, agent.steptrail._writer
    del agent
    import gc

    gc.collect()
    writer.thread.join(30)
    return {"task_id": task_id, "thread_ended": not writer.thread.is_alive()}


def refusals(outbox):
    agent = tracked(PhoneAgent(ModelClient([])), outbox)
    file = pathlib.Path(outbox, "file")
    file.write_text("")
    return {
        "no_agent": error_of(lambda: tracked(object(), outbox)),
        "twice": error_of(lambda: tracked(agent, outbox)),
        "no_folder": error_of(lambda: tracked(PhoneAgent(ModelClient([])), file)),
        "no_redactor": error_of(lambda: tracked(PhoneAgent(ModelClient([])), outbox, redact_text="no redactor")),
        "no_room": error_of(lambda: tracked(PhoneAgent(ModelClient([])), outbox, max_outbox_bytes=1)),
        "no_rectangle": error_of(lambda: tracked(PhoneAgent(ModelClient([])), outbox, redact_screenshot=[(0, 0, 1.5, 1)])),
    }


def pictures(outbox):
    """Records each picture of redactions.py once, with a part of it blacked out; `pictures` are the originals."""
    shown = [base64.b64encode(png).decode() for png in redactions.pictures()]
    device_factory.phone.show = lambda look: device_factory.Screenshot(shown[look - 1], 1, 1)
    agent = PhoneAgent(ModelClient([TAP] * (len(shown) - 1) + [FINISH]))
    tracked(agent, outbox, redact_screenshot=redactions.RECTANGLES).run(TASK)
    return {"pictures": shown, "flushed": agent.steptrail.flush(30)}


ODD = (
    addresses,
    changed_directory,
    cost_of_a_step,
    discarded,
    end_that_fails,
    experiment,
    forked,
    full_disk,
    full_outbox,
    full_queue,
    interrupted_reading,
    killed_in_a_full_outbox,
    limited_files,
    long_model_input,
    long_records,
    lost_outbox,
    many_steps,
    outbox_that_had_room_again,
    pictures,
    refusals,
    removed_folder,
    stuck_disk,
    torn_line,
    two_agents,
    two_torn_lines,
    values_without_end,
)


def main(name, outbox):
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logging.getLogger("steptrail").addHandler(handler)
    odd = {function.__name__: function for function in ODD}
    output = odd[name](outbox) if name in odd else compare(name, outbox)
    print(json.dumps({**output, "logged": lines}))


main(*sys.argv[1:])
