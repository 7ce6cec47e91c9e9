package dev.steptrail.cli.autoglm;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.internal.outbox.Outbox;
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

/** Imports runs that Open-AutoGLM recorded into an outbox, each completely or not at all. Not thread-safe. */
public final class TraceImporter {
    /** 800 times a recording of 27 steps; reading it takes about ten times as much memory. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Outbox outbox;
    private final TraceScreenshots screenshots;
    private final ZoneId zone;
    private final boolean newIds;

    /**
     * An imported run.
     *
     * @param startedAt when the run started
     * @param screenshots the number of steps with a picture
     * @param added false if the task was already in the outbox
     */
    public record Imported(Path file, UUID taskId, Instant startedAt, int steps, int screenshots, boolean added) {}

    /**
     * Creates an importer.
     *
     * @param screenshots finds the pictures
     * @param zone the zone of times without a zone
     * @param newIds whether each import of a file creates a new task; otherwise the same file gets the same task id
     */
    public TraceImporter(Outbox outbox, TraceScreenshots screenshots, ZoneId zone, boolean newIds) {
        this.outbox = outbox;
        this.screenshots = screenshots;
        this.zone = zone;
        this.newIds = newIds;
    }

    /**
     * Imports one file.
     *
     * @throws IOException if it is not a recording or exceeds 16 MiB, one of its pictures is missing or bad, or the
     *     outbox cannot be written to; the message names the file
     */
    public Imported importFile(Path file) throws IOException {
        try {
            return imported(new Trace(read(file, MAX_BYTES), zone, newIds), file);
        } catch (TraceException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + ": is being imported by another process; try again", e);
        } catch (IOException e) {
            throw new IOException(file + ": failed to write to the outbox: " + e, e);
        }
    }

    private Imported imported(Trace trace, Path file) throws IOException {
        AtomicInteger shown = new AtomicInteger();
        boolean added = outbox.addCompleteTask(trace.taskId(), writer -> {
            writer.append(trace.started());
            for (int i = 0; i < trace.size(); i++) {
                int number = trace.stepNumber(i);
                byte[] png = screenshots.of(number, trace.screenshotPath(i), file);
                List<Frame> frames = png == null
                        ? List.of()
                        : List.of(writer.writeFrame(number, FrameRole.BEFORE, png, false, null));
                shown.addAndGet(frames.size());
                writer.append(trace.step(i, frames));
            }
            writer.append(trace.ended());
        });
        return new Imported(file, trace.taskId(), trace.started().timestamp(), trace.size(), shown.get(), added);
    }

    /**
     * Reads a regular file; a pipe or a device might never end.
     *
     * @throws TraceException if it is not a regular file, is larger than {@code maxBytes}, or cannot be read; the
     *     message does not contain the path
     */
    static byte[] read(Path file, int maxBytes) throws TraceException {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw new TraceException("is not a regular file");
            }
            if (found.size() > maxBytes) {
                throw new TraceException("has " + found.size() + " bytes, more than the limit of " + maxBytes);
            }
            return Files.readAllBytes(file);
        } catch (TraceException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new TraceException("does not exist");
        } catch (IOException e) {
            throw new TraceException("cannot be read: " + e);
        }
    }
}
