package dev.steptrail.cli.records;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.screenshot.ModelImages;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Imports recordings of Open-AutoGLM into an outbox, each completely or not at all. Not thread-safe.
 *
 * @param zone the time zone of timestamps without an offset
 * @param newIds whether each import of a file creates a new task; otherwise the same file gets the same task id
 */
record AutoGlmImporter(Outbox outbox, RecordingScreenshots screenshots, ZoneId zone, boolean newIds) {
    /** 800 times the size of a recording of 27 steps. Reading a file takes about ten times its size in memory. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    /**
     * An imported recording.
     *
     * @param startedAt when the task started
     * @param screenshots the number of steps with a screenshot
     * @param stepsWithInvalidUsage the numbers of the steps whose tokens are not counted
     * @param added false if the task was already in the outbox
     */
    record Imported(
            Path file,
            UUID taskId,
            Instant startedAt,
            int steps,
            int screenshots,
            List<Integer> stepsWithInvalidUsage,
            boolean added) {}

    /**
     * Imports one file.
     *
     * @throws IOException if it is not a recording, exceeds 16 MiB, has a missing or damaged screenshot, or cannot be
     *     written to the outbox; the message contains the file name
     */
    Imported importFile(Path file) throws IOException {
        try {
            return addTask(new AutoGlmRecording(read(file, MAX_BYTES), zone, newIds), file);
        } catch (InvalidInputException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + ": is being imported by another process; try again", e);
        } catch (IOException e) {
            throw new IOException(file + ": failed to write to the outbox: " + e, e);
        }
    }

    private Imported addTask(AutoGlmRecording recording, Path file) throws IOException {
        AtomicInteger screenshotCount = new AtomicInteger();
        boolean added = outbox.addCompleteTask(recording.taskId(), writer -> {
            writer.append(recording.started());
            for (int i = 0; i < recording.size(); i++) {
                int number = recording.stepNumber(i);
                byte[] png = screenshots.read(number, recording.screenshotPath(i), file);
                List<Frame> frames = png == null
                        ? List.of()
                        : List.of(writer.writeFrame(number, FrameRole.BEFORE, png, false, null));
                screenshotCount.addAndGet(frames.size());
                ModelImages images = new ModelImages();
                if (png != null) {
                    images.addFrame(FrameRole.BEFORE, ScreenshotImage.of(png));
                }
                writer.append(recording.step(i, frames, images));
            }
            writer.append(recording.ended());
        });
        return new Imported(
                file,
                recording.taskId(),
                recording.started().timestamp(),
                recording.size(),
                screenshotCount.get(),
                recording.stepsWithInvalidUsage(),
                added);
    }

    /**
     * Reads a regular file. Rejects pipes and devices, because they might never end.
     *
     * @throws InvalidInputException if the file cannot be read or exceeds {@code maxBytes}; the message does not
     *     contain the path
     */
    static byte[] read(Path file, int maxBytes) throws InvalidInputException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new InvalidInputException("is not a regular file");
            }
            if (attributes.size() > maxBytes) {
                throw new InvalidInputException(
                        "has " + attributes.size() + " bytes, more than the limit of " + maxBytes);
            }
            return Files.readAllBytes(file);
        } catch (InvalidInputException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("does not exist");
        } catch (IOException e) {
            throw new InvalidInputException("cannot be read: " + e);
        }
    }
}
