"""The files of an outbox, and failures to write them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TrackerFactory
from pictures import PNG
from programs import output, run_with_mounts
from recorded import RecordedOutbox, RecordedTask
from steptrail import Tracker
from steptrail._ids import is_task_id
from steptrail._outbox import StepsFile, TaskFolder, create_outbox, default_outbox

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


def lock_is_free(file: Path) -> bool:
    """Tests a lock from another process, as the shipper does."""
    code = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    return subprocess.run([sys.executable, "-c", code, str(file)], stderr=-3).returncode == 0


class TestFolder:
    def test_default(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("STEPTRAIL_OUTBOX", str(tmp_path))
        assert default_outbox() == tmp_path
        monkeypatch.setenv("STEPTRAIL_OUTBOX", " ")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        assert default_outbox() == tmp_path / ".steptrail" / "outbox"

    def test_relative_outbox_stays_where_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with Tracker("outbox") as tracker:
            monkeypatch.chdir("/")
            tracker.task("x")

        assert len(RecordedOutbox(tmp_path / "outbox").tasks) == 1

    @posix
    def test_is_accessible_only_to_its_user(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        tracker.task("x").step(before=PNG)
        tracker.flush()

        for path in (outbox.path, *outbox.path.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path

    def test_has_the_files_of_the_format(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("x")
        task.step(before=PNG)
        task.flush()

        def files() -> set[str]:
            folder = outbox.path / task.id
            return {str(path.relative_to(folder)) for path in folder.rglob("*")}

        assert files() == {
            *("frames", "frames/1-before.png", "reserve", "steps.jsonl", "writer.lock")
        }
        reserve = (outbox.path / task.id / "reserve").read_bytes()
        assert len(zlib.compress(reserve)) >= len(reserve) == 16 * 1024
        task.succeed()
        task.flush()
        assert "reserve" not in files()

    @posix
    def test_is_locked_until_the_task_ends(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        task = tracker.task("x")
        task.flush()

        assert not lock_is_free(outbox.path / task.id / "writer.lock")
        task.succeed()
        task.flush()
        assert lock_is_free(outbox.path / task.id / "writer.lock")

    def test_that_is_a_file_is_rejected(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(OSError, match="file"):
            Tracker(tmp_path / "file")
        with pytest.raises(NotADirectoryError):
            Tracker(tmp_path / "file" / "outbox")

    def test_verdicts_have_a_folder_of_their_own(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        task = tracker.task("x")
        task.verdict("pass", evaluator="judge")
        task.verdict("fail", evaluator="judge")
        tracker.flush()

        [folder] = [path for path in outbox.path.iterdir() if path.name != task.id]
        assert not (folder / "reserve").exists()
        assert len(RecordedTask(folder).records) == 2
        import shutil

        shutil.rmtree(folder)
        task.verdict("unclear", evaluator="judge")
        tracker.flush()
        assert [verdict["value"] for verdict in outbox.verdicts] == ["unclear"]


class TestRemovedFiles:
    def test_removed_task_is_written_again(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        import shutil

        task = tracker.task("x")
        task.step(thinking="lost")
        task.step(before=b"no image")
        task.flush()
        shutil.rmtree(outbox.path)
        task.step(thinking="kept")
        task.succeed()
        task.flush()

        assert outbox.task.start["description"] == "x"
        assert [step["step_number"] for step in outbox.task.steps] == [3]
        assert outbox.task.losses["dropped_screenshots"] == {"not_an_image": 1}

    def test_removed_steps_file_fails_until_it_is_back(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        task = tracker.task("x")
        task.flush()
        steps = outbox.path / task.id / "steps.jsonl"
        saved = steps.with_name("saved")
        steps.rename(saved)
        task.step(thinking="lost")
        task.flush()
        assert tracker.stats().dropped_steps == {"outbox_unwritable": 1}
        saved.rename(steps)
        task.step(thinking="kept")
        task.succeed()
        task.flush()

        assert [step["step_number"] for step in outbox.task.steps] == [2]
        assert outbox.task.losses["dropped_steps"] == {"outbox_unwritable": 1}

    def test_replaced_steps_file_is_appended_to(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        task = tracker.task("x")
        task.flush()
        steps = outbox.path / task.id / "steps.jsonl"
        copy = steps.with_name("copy")
        copy.write_bytes(steps.read_bytes() + b"half a li")
        copy.replace(steps)
        task.step(thinking="kept")
        task.flush()

        lines = steps.read_bytes().split(b"\n")
        assert lines[1] == b"half a li"
        assert b"kept" in lines[2]

    @posix
    def test_link_in_place_of_steps_file_is_not_followed(
        self, tracker: Tracker, outbox: RecordedOutbox, tmp_path: Path
    ) -> None:
        task = tracker.task("x")
        task.flush()
        steps = outbox.path / task.id / "steps.jsonl"
        steps.unlink()
        steps.symlink_to(tmp_path / "target")
        (tmp_path / "target").touch()
        task.step(thinking="lost")
        task.flush()

        assert (tmp_path / "target").read_bytes() == b""
        assert tracker.stats().dropped_steps == {"outbox_unwritable": 1}


class TestStepsFile:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Iterator[StepsFile]:
        file = StepsFile(tmp_path / "steps.jsonl")
        yield file
        file.close()

    @pytest.mark.parametrize("truncates", [True, False])
    def test_incomplete_line_does_not_affect_others(
        self, tmp_path: Path, file: StepsFile, monkeypatch: pytest.MonkeyPatch, truncates: bool
    ) -> None:
        """A real file, whose next write is cut short as by a full disk."""
        write = os.write

        def short_write(fd: int, data: bytes) -> int:
            if len(data) <= 3:
                raise OSError(28, "No space left on device")
            return write(fd, data[: len(data) - 3])

        def fail(fd: int, size: int) -> None:
            raise OSError(5, "Input/output error")

        file.append(b"first\n")
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", short_write)
            if not truncates:
                patch.setattr(os, "ftruncate", fail)
            for _ in range(3):
                with pytest.raises(OSError, match="No space"):
                    file.append(b"second\n")
        file.append(b"third\n")

        lines = (tmp_path / "steps.jsonl").read_bytes().split(b"\n")
        assert lines[0] == b"first"
        assert lines[-2:] == [b"third", b""]
        assert set(lines[1:-2]) <= {b"seco", b"sec", b""}
        if truncates:
            assert len(lines) == 3


class TestReadOnly:
    """In a file system that is mounted read-only, because root ignores permissions."""

    SCRIPT = """
import sys, steptrail
try:
    steptrail.Tracker(sys.argv[1])
    print("no error")
except OSError as e:
    print(type(e).__name__)
with steptrail.Tracker(sys.argv[1], require_outbox=False) as tracker:
    with tracker.task("x") as task:
        print(task.step(thinking="hm", before=b""), task.verdict("pass", evaluator="judge"))
        task.succeed()
    tracker.flush()
stats = tracker.stats()
print(stats.dropped_steps, stats.lost_ends, stats.lost_verdicts, stats.written)
"""

    def test_losses_are_counted(self, tmp_path: Path) -> None:
        script = f'mount -t tmpfs -o ro none {tmp_path} && "$@"'
        result = run_with_mounts(script, sys.executable, "-c", self.SCRIPT, tmp_path / "outbox")

        assert result.stdout.splitlines() == [
            "OSError",
            "1 True",
            "{'outbox_unwritable': 1} 1 1 0",
        ], result.stderr
        assert "outbox_unwritable" in result.stderr


def test_create_outbox_with_missing_parents(tmp_path: Path) -> None:
    create_outbox(tmp_path / "a" / "b" / "c")
    create_outbox(tmp_path / "a" / "b" / "c")

    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_new_outbox_with_a_relative_path_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    for outbox in ("outbox", "outbox", tmp_path / "other"):
        Tracker(outbox).close()

    message = f"Created the outbox {tmp_path / 'outbox'}; ship this folder"
    assert [record.message for record in caplog.records] == [message]


def test_failure_to_create_a_task_leaves_no_folder(
    new_tracker: TrackerFactory, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real outbox, in which no reserve can be written at first, as on a full disk."""
    write = os.write

    def fail(fd: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    tracker = new_tracker()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        task = tracker.task("x")
        task.step(thinking="lost")
        task.flush()
        deadline = time.monotonic() + 30
        while list(outbox.path.iterdir()):  # briefly, while the idle writer tries again
            assert time.monotonic() < deadline
    assert os.write is write
    task.step(thinking="kept")
    task.succeed()
    tracker.flush()

    assert [step["step_number"] for step in outbox.task.steps] == [2]
    assert outbox.task.losses["dropped_steps"] == {"outbox_unwritable": 1}
    assert outbox.task.end["last_step_number"] == 2


@posix
class TestTaskFolder:
    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        folder = TaskFolder.create(tmp_path, "task")
        victim = tmp_path / "victim"
        victim.write_bytes(b"private")
        (tmp_path / "task" / "frames" / "1-before.png.tmp").symlink_to(victim)

        with pytest.raises(OSError, match=r"1-before\.png\.tmp"):
            folder.write_frame("1-before.png", PNG)
        folder.close()

        assert victim.read_bytes() == b"private"

    def test_sync_includes_frames_and_folders(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def identity(found: os.stat_result) -> tuple[int, int]:
            return found.st_dev, found.st_ino

        synced: list[tuple[int, int]] = []
        folder = TaskFolder.create(tmp_path, "task")
        folder.append(b"{}\n")
        folder.write_frame("1-before.png", PNG)
        monkeypatch.setattr(os, "fsync", lambda fd: synced.append(identity(os.fstat(fd))))
        folder.sync()
        folder.close()

        names = ["", "task", "task/frames", "task/frames/1-before.png", "task/steps.jsonl"]
        assert sorted(synced) == sorted(identity((tmp_path / name).stat()) for name in names)


def test_frames_of_a_step_that_cannot_be_written_are_removed(
    tracker: Tracker, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = tracker.task("x")
    tracker.flush()
    with monkeypatch.context() as patch:
        patch.setattr(StepsFile, "append", lambda *_: os.stat("/missing"))
        task.step("Tap", before=PNG)
        tracker.flush()

    assert list((outbox.task.folder / "frames").iterdir()) == []


def test_losses_precede_the_next_step(
    tracker: Tracker, outbox: RecordedOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = tracker.task("x")
    with tracker._recorder.writer.queue.lock:  # the writer finds both in its queue
        task.step("Tap", before=b"not an image")
        task.step("Tap")
    tracker.flush()

    kinds = [record["record"] for record in outbox.task.records]
    assert kinds == ["task_started", "losses", "step", "step"]


class TestUnknownOutbox:
    """Of the default tracker, which does not raise."""

    @pytest.mark.parametrize(
        "prepare",
        [
            "os.environ['STEPTRAIL_OUTBOX'] = ''; os.environ.pop('HOME', 0); os.setuid(65432)",
            "os.environ['STEPTRAIL_OUTBOX'] = 'x'; os.chdir(sys.argv[1]); os.rmdir(sys.argv[1])",
        ],
    )
    @posix
    def test_is_counted(self, tmp_path: Path, prepare: str) -> None:
        if "setuid" in prepare and os.getuid() != 0:
            pytest.skip("needs another user")
        (tmp_path / "folder").mkdir()
        code = f"""
import os, sys, steptrail
steptrail.task  # imports the recorder before the user changes
{prepare}
with steptrail.task("x") as task:
    task.step("Tap")
    task.succeed()
steptrail.flush()
print(steptrail.default_tracker().stats().dropped_steps)
"""

        assert output(code, tmp_path / "folder") == "{'outbox_unwritable': 1}"

    def test_home_is_expanded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        monkeypatch.setenv("STEPTRAIL_OUTBOX", "~/a")
        (tmp_path / "screen.png").write_bytes(PNG)

        assert Tracker().outbox == tmp_path / "a"
        with Tracker("~/b") as tracker, tracker.task("x") as task:
            assert tracker.outbox == tmp_path / "b"
            task.step(before="~/screen.png")
        assert tracker.stats().dropped_screenshots == {}


@pytest.mark.parametrize("seconds", [-1e9, 0, 1e15])
def test_clock_that_is_wrong_does_not_raise(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: int(seconds * 1e9))
    task = tracker.task("x")
    task.step("Tap")
    task.succeed()

    assert is_task_id(task.id)
