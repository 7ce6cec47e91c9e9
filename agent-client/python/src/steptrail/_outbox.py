"""The files of an outbox, as the step format specifies them."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

RESERVED_BYTES = 16 * 1024
"""Disk space that is reserved for the last losses and the end of a task."""


def default_outbox() -> Path:
    """Returns the folder in `STEPTRAIL_OUTBOX`; otherwise `~/.steptrail/outbox`, like the command
    line.

    Raises ValueError if the home folder of the user is not known.
    """
    configured = os.environ.get("STEPTRAIL_OUTBOX", "")
    if configured.strip():
        return Path(os.path.expanduser(configured))
    try:
        return Path.home() / ".steptrail" / "outbox"
    except RuntimeError:
        message = "cannot determine the home folder: set STEPTRAIL_OUTBOX, or pass the outbox"
        raise ValueError(message) from None


def create_outbox(folder: Path) -> bool:
    """Creates the folder and its missing parents, accessible to this user only.

    Returns False if the folder exists.

    New entries are forced to the disk: a task in it may be forced to the disk later.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)
    if not folder.is_dir():
        raise NotADirectoryError(f"the outbox {folder} is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"the outbox {folder} is not writable")
    return bool(missing)


class TaskFolder:
    """The folder of a task, locked for this writer. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._frames = path / "frames"
        self._lock: int | None = None
        self._steps: StepsFile | None = None
        self._unsynced_frames: list[Path] = []
        self._synced = False

    @staticmethod
    def create(outbox: Path, name: str) -> TaskFolder:
        """Creates the folder with its files. Removes it if that fails, so that a retry can work."""
        if not outbox.is_dir():
            create_outbox(outbox)
        folder = TaskFolder(outbox / name)
        folder._path.mkdir(mode=0o700)
        try:
            folder._create_files()
        except BaseException:
            folder.close()
            folder._remove()
            raise
        return folder

    def _create_files(self) -> None:
        self._lock = _open(self._path / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_EXCL)
        _lock_exclusively(self._lock)
        self._frames.mkdir(mode=0o700)
        # Random bytes, because a file system that compresses would reserve no space for zeros.
        _write(self._path / "reserve", os.urandom(RESERVED_BYTES))
        self._steps = StepsFile(self._path / "steps.jsonl")

    def _remove(self) -> None:
        """Removes what `_create_files` creates, also if no more files can be opened."""
        for name in ("reserve", "steps.jsonl", "writer.lock"):
            with suppress(OSError):
                (self._path / name).unlink()
        for folder in (self._frames, self._path):
            with suppress(OSError):
                folder.rmdir()

    def exists(self) -> bool:
        """Returns False if the folder was removed.

        Raises FileNotFoundError if only `steps.jsonl` is missing.
        """
        if self._steps is not None and self._steps.exists():
            return True
        if self._path.exists():
            raise FileNotFoundError(f"{self._path} exists without its steps.jsonl")
        return False

    def append(self, line: bytes) -> int:
        """Appends a record. Returns the number of bytes written."""
        assert self._steps is not None
        return self._steps.append(line)

    def write_frame(self, name: str, png: bytes) -> str:
        """Writes a screenshot. Returns its `file` for the record. Leaves no file if it raises."""
        file = self._frames / name
        temporary = file.with_name(name + ".tmp")
        try:
            _write(temporary, png)
            os.replace(temporary, file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._unsynced_frames.append(file)
        return f"frames/{name}"

    def remove_frame(self, file: str) -> int:
        """Removes a screenshot whose step was not written. Returns the number of bytes freed."""
        path = self._path / file
        self._unsynced_frames.remove(path)
        try:
            size = path.stat().st_size
            path.unlink()
        except OSError:  # the next measurement of the quota counts its space
            return 0
        return size

    def release_reserve(self) -> None:
        """Frees the disk space that is reserved for the end of the task."""
        (self._path / "reserve").unlink(missing_ok=True)

    def sync(self) -> None:
        """Forces everything that was written to the disk."""
        for frame in self._unsynced_frames:
            _sync_path(frame, os.O_RDWR)  # Windows requires write access
        if self._unsynced_frames:
            sync_folder(self._frames)
        self.forget_frames()
        assert self._steps is not None
        self._steps.sync()
        if not self._synced:
            sync_folder(self._path)
            sync_folder(self._path.parent)
            self._synced = True

    def forget_frames(self) -> None:
        """Excludes the frames written so far from the next `sync`."""
        self._unsynced_frames.clear()

    def close(self) -> None:
        """Releases the folder; a shipper may then delete it once everything is delivered."""
        with suppress(OSError):  # the folder was removed or is unreachable
            self.release_reserve()
        if self._steps is not None:
            self._steps.close()
        if self._lock is not None:
            os.close(self._lock)
        self._steps = self._lock = None


class StepsFile:
    """`steps.jsonl`, to which only this writer appends lines. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
        self._end = 0
        """The end of the last complete line."""
        self._may_be_incomplete = False

    def exists(self) -> bool:
        """Returns whether the file exists. If an editor replaced it, opens the new file."""
        try:
            found = os.stat(self._path, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{self._path} is not a regular file")
        if not os.path.samestat(found, os.fstat(self._file)):
            replacement = _open(self._path, os.O_WRONLY | os.O_APPEND)
            os.close(self._file)
            self._file, self._end = replacement, found.st_size
            self._may_be_incomplete = self._end > 0
        return True

    def append(self, line: bytes) -> int:
        """Appends a line. Returns the number of bytes written.

        After a failure only this line is lost: an incomplete line is truncated. If that fails too,
        the next line starts with a line feed.
        """
        data = memoryview(b"\n" + line if self._may_be_incomplete else line)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
        except BaseException:
            self._roll_back(written)
            raise
        self._end += written
        self._may_be_incomplete = False
        return written

    def _roll_back(self, written: int) -> None:
        file_end = self._end + written
        if self._may_be_incomplete and written:
            self._end += 1  # keeps the line feed, because a reader may have read past it
            self._may_be_incomplete = False
        try:
            os.ftruncate(self._file, self._end)
        except OSError:
            self._end = file_end  # otherwise a later truncation would remove a part of another line
            self._may_be_incomplete = True

    def sync(self) -> None:
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


def sync_folder(folder: Path) -> None:
    """Forces the entries of a folder to the disk. Windows has no such operation."""
    if sys.platform != "win32":
        _sync_path(folder, os.O_RDONLY)


def _sync_path(path: Path, flags: int) -> None:
    file = os.open(path, flags)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _open(path: Path, flags: int) -> int:
    """Opens a file, accessible to this user only. Does not follow a link that replaced it."""
    return os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _write(path: Path, content: bytes) -> None:
    file = _open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        unwritten = memoryview(content)
        while unwritten:
            unwritten = unwritten[os.write(file, unwritten) :]
    finally:
        os.close(file)


_lock_exclusively: Callable[[int], None]

if sys.platform == "win32":
    import msvcrt

    def _lock_exclusively(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock_exclusively(file: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX)
