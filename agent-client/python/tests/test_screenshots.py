"""Screenshots of every kind, and their conversion to PNG."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pictures import PNG, decoded, encoded, image, png
from recorded import RecordedOutbox
from steptrail import Screenshot, Tracker, _png
from steptrail._errors import ScreenshotLost
from steptrail._screenshots import capture


def stored(source: Any) -> bytes:
    return capture(source, None, False).png()


def pixels(data: bytes, mode: str = "RGB") -> bytes:
    return decoded(data).convert(mode).tobytes()


@pytest.fixture
def without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)


class TestSources:
    def test_png_is_unchanged(self, tmp_path: Path) -> None:
        file = tmp_path / "screen.png"
        file.write_bytes(PNG)
        text = base64.b64encode(PNG).decode()

        for source in (
            PNG,
            bytearray(PNG),
            memoryview(PNG),
            file,
            str(file),
            f"data:image/png;base64,{text}",
            Screenshot(PNG),
            Screenshot.from_base64(text),
            Screenshot.from_base64(f"data:image/png;base64,{text}"),
        ):
            assert stored(source) == PNG

    def test_long_text_is_base64(self) -> None:
        large = encoded(width=200, height=100)
        text = base64.b64encode(large).decode()

        assert len(text) > 1000
        assert stored(text) == large
        lines = "\n".join(text[i : i + 76] for i in range(0, len(text), 76))
        assert stored(lines) == large

    @pytest.mark.parametrize("format", ["JPEG", "WEBP"])
    def test_other_format_becomes_png(self, format: str) -> None:
        data = encoded(format)

        assert pixels(stored(data)) == Image.open(io.BytesIO(data)).convert("RGB").tobytes()

    @pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "CMYK", "I"])
    def test_pil_image_becomes_png(self, mode: str) -> None:
        source = image("RGB").convert(mode) if mode not in ("LA", "I") else image("L").convert(mode)
        target = mode if mode in ("L", "LA", "RGB", "RGBA") else "RGB"

        result = decoded(stored(source))

        assert result.mode == target
        assert result.tobytes() == source.convert(target).tobytes()

    def test_pil_image_is_copied(self) -> None:
        source = image()
        captured = capture(source, None, False)
        source.paste((0, 0, 0), (0, 0, 7, 5))

        assert pixels(captured.png()) == image().tobytes()

    @pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1), (5, 7, 3), (5, 7, 4)])
    def test_array_becomes_png(self, shape: tuple[int, ...], without_pillow: None) -> None:
        array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
        captured = capture(array, None, False)
        expected = array.tobytes()
        array[:] = 0

        decoded_pixels = _png.decode(captured.png())

        assert (decoded_pixels.width, decoded_pixels.height) == (7, 5)
        assert decoded_pixels.data == expected

    def test_array_that_is_not_contiguous(self) -> None:
        bgr = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)

        assert pixels(stored(bgr[:, ::-1, ::-1])) == bgr[:, ::-1, ::-1].tobytes()

    @pytest.mark.parametrize("data", [encoded("JPEG"), encoded("WEBP")])
    def test_other_format_is_lost_without_pillow(self, without_pillow: None, data: bytes) -> None:
        with pytest.raises(ScreenshotLost, match="run pip install pillow") as lost:
            stored(data)
        assert lost.value.reason == "not_an_image"
        assert stored(PNG) == PNG


class TestInvalidSources:
    @pytest.mark.parametrize(
        "source",
        [
            b"",
            b"not an image",
            PNG[:20],
            _png.SIGNATURE + b"\0\0\0\rIHDR" + bytes(8),
            encoded("JPEG")[:100],
            encoded("GIF"),
            "data:image/png,text",
            "data:image/png;base64,!",
            "data:image/png;base64,é",
            "data:image/png;base64," + base64.b64encode(b"text").decode(),
            5,
            object(),
            [PNG],
            np.zeros((2, 2), dtype=np.float32),
            np.zeros((2, 2, 5), dtype=np.uint8),
            np.zeros((2,), dtype=np.uint8),
            np.zeros((0, 5, 3), dtype=np.uint8),
            np.broadcast_to(np.uint8(0), (5000, 5000)),
            Image.new("1", (5000, 5000)),
            os.devnull,
            "/",
        ],
        ids=lambda source: repr(source)[:30],
    )
    def test_is_not_an_image(self, source: object) -> None:
        with pytest.raises(ScreenshotLost) as lost:
            stored(source)
        assert lost.value.reason in ("not_an_image", "not_captured")

    @pytest.mark.parametrize("source", ["missing.png", "nul\0", Path("missing"), TimeoutError("x")])
    def test_is_not_captured(self, source: object) -> None:
        with pytest.raises(ScreenshotLost) as lost:
            stored(source)
        assert lost.value.reason == "not_captured"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
    def test_named_pipe_does_not_block(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")

        with pytest.raises(ScreenshotLost):
            stored(tmp_path / "pipe")

    def test_large_file_is_not_read(self, tmp_path: Path) -> None:
        with open(tmp_path / "large.png", "wb") as file:
            file.truncate(64 * 1024 * 1024 + 1)

        with pytest.raises(ScreenshotLost, match="64 MiB"):
            stored(tmp_path / "large.png")

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
    def test_folder_leaves_no_file_open(self, tmp_path: Path) -> None:
        before = os.open(os.devnull, os.O_RDONLY)
        os.close(before)
        with pytest.raises(ScreenshotLost):
            stored(tmp_path)
        after = os.open(os.devnull, os.O_RDONLY)
        os.close(after)

        assert after == before

    def test_missing_file_is_named(self) -> None:
        with pytest.raises(ScreenshotLost, match=r"FileNotFoundError.*missing\.png"):
            stored("missing.png")

    def test_large_image_is_not_decoded(self) -> None:
        lazy = Image.open(io.BytesIO(png(5_000, 5_000, 2, b"")))

        with pytest.raises(ScreenshotLost, match="5000 by 5000 pixels"):
            stored(lazy)

    def test_memory_of_a_view_is_that_of_its_bytes(self) -> None:
        view = memoryview(bytes(4000)).cast("i")

        assert capture(view, None, False).memory == 4000

    def test_closed_image_is_lost(self) -> None:
        source = Image.open(io.BytesIO(PNG))
        source.close()

        with pytest.raises(ScreenshotLost):
            stored(source)

    def test_reason_contains_no_content(self) -> None:
        with pytest.raises(ScreenshotLost) as lost:
            stored(b"secret")
        assert "secret" not in str(lost.value)

    @given(st.binary())
    def test_any_bytes_are_lost_or_stored(self, data: bytes) -> None:
        for source in (data, PNG[:60] + data):
            with contextlib.suppress(ScreenshotLost):
                assert _png.size(stored(source))


class TestStep:
    def test_frames_have_role_size_and_flags(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        captured_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
        task = tracker.task("x")
        task.step(
            before=Screenshot(PNG, role="after", sensitive=True, captured_at=captured_at),
            after=PNG,
            screenshots=[PNG, Screenshot(PNG), Screenshot(PNG, role="after")],
        )
        task.flush()

        frames = outbox.task.steps[0]["frames"]
        assert [(frame["role"], frame["file"], frame["sensitive"]) for frame in frames] == [
            ("before", "frames/1-before.png", True),
            ("after", "frames/1-after.png", False),
            ("other", "frames/1-other.png", False),
            ("other", "frames/1-other-2.png", False),
            ("after", "frames/1-after-2.png", False),
        ]
        assert all((frame["width"], frame["height"]) == (7, 5) for frame in frames)
        assert frames[0]["captured_at"] == "2026-01-02T03:04:05.000000+00:00"
        assert all(outbox.task.frame(frame) == PNG for frame in frames)

    def test_sensitive_applies_to_all(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        tracker.task("x").step(before=PNG, screenshots=PNG, sensitive=True)  # type: ignore[arg-type]
        tracker.flush()

        frames = outbox.task.steps[0]["frames"]
        assert [frame["sensitive"] for frame in frames] == [True, True]

    def test_unknown_role_becomes_other(self, tracker: Tracker, outbox: RecordedOutbox) -> None:
        tracker.task("x").step(screenshots=[Screenshot(PNG, role="middle")])  # type: ignore[arg-type]
        tracker.flush()

        assert outbox.task.steps[0]["frames"][0]["role"] == "other"

    def test_lost_screenshot_does_not_lose_the_step(
        self, tracker: Tracker, outbox: RecordedOutbox
    ) -> None:
        task = tracker.task("x")
        task.step(before=b"no image", after=PNG, thinking="hm")
        task.step(before="missing.png")
        task.succeed()
        task.flush()

        first, second = outbox.task.steps
        assert [frame["role"] for frame in first["frames"]] == ["after"]
        assert "frames" not in second
        losses = {"not_an_image": 1, "not_captured": 1}
        assert outbox.task.losses["dropped_screenshots"] == losses
        assert tracker.stats().dropped_screenshots == losses


class TestPng:
    @pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
    def test_decodes_what_pillow_encodes(self, mode: str) -> None:
        data = encoded("PNG", mode, 50, 40)

        assert _png.decode(data).data == image(mode, 50, 40).tobytes()

    def test_decodes_palette_as_rgb(self) -> None:
        source = image("RGB").quantize(32)
        out = io.BytesIO()
        source.save(out, "PNG")

        assert bytes(_png.decode(out.getvalue()).data) == source.convert("RGB").tobytes()

    @given(
        st.sampled_from([(0, 1), (2, 3), (4, 2), (6, 4)]),
        st.lists(st.sampled_from(range(5)), min_size=1, max_size=6),
        st.data(),
    )
    def test_decodes_every_filter_like_pillow(
        self, kind: tuple[int, int], filters: list[int], data: st.DataObject
    ) -> None:
        colour_type, channels = kind
        rows = b"".join(
            bytes([filter]) + data.draw(st.binary(min_size=3 * channels, max_size=3 * channels))
            for filter in filters
        )
        source = png(3, len(filters), colour_type, rows)

        assert _png.decode(source).data == decoded(source).tobytes()

    @given(st.integers(1, 4), st.integers(1, 9), st.integers(1, 9), st.data())
    def test_encoding_is_reversed_by_decoding(
        self, channels: int, width: int, height: int, data: st.DataObject
    ) -> None:
        size = width * height * channels
        source = _png.Pixels(
            width, height, channels, data.draw(st.binary(min_size=size, max_size=size))
        )

        encoded_png = _png.encode(source)

        assert _png.decode(encoded_png) == source
        assert decoded(encoded_png).tobytes() == source.data

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            PNG[:-30],
            PNG[:40],
            png(2, 2, 2, bytes(14), interlaced=1),
            png(2, 2, 0, bytes(10), bits=16),
            png(5000, 5000, 0, b""),
            png(2, 2, 5, bytes(14)),
            png(2, 2, 2, b"\x09" + bytes(13)),
            png(2, 2, 3, bytes(6)),
            png(2, 2, 2, bytes(13)),
        ],
    )
    def test_damaged_or_unsupported_png_is_rejected(self, data: bytes) -> None:
        with pytest.raises(ValueError, match=r"PNG|image"):
            _png.decode(data)

    @given(st.binary(max_size=80), st.integers(0, 80))
    def test_damaged_png_raises_nothing_else(self, noise: bytes, offset: int) -> None:
        damaged = PNG[:offset] + noise + PNG[offset + len(noise) :]
        with contextlib.suppress(ValueError):
            _png.decode(damaged)
