package dev.steptrail.cli.autoglm;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts runs that Open-AutoGLM's recorder wrote into an outbox, each whole or not at all. Not thread-safe. */
public final class TraceImporter {
    /** 800 times a recording of 27 steps; reading it takes some ten times as much memory. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Outbox outbox;
    private final TraceScreenshots screenshots;
    private final ZoneId zone;
    private final boolean newIds;

    /**
     * @param screenshots where the pictures are
     * @param zone in which times without a zone are meant
     */
    public TraceImporter(Outbox outbox, TraceScreenshots screenshots, ZoneId zone) {
        this(outbox, screenshots, zone, false);
    }

    /** @param newIds whether each import of a file is another task; by default the same file is the same task */
    public TraceImporter(Outbox outbox, TraceScreenshots screenshots, ZoneId zone, boolean newIds) {
        this.outbox = outbox;
        this.screenshots = screenshots;
        this.zone = zone;
        this.newIds = newIds;
    }

    /**
     * Imports one file.
     *
     * @throws IOException if it is no such recording or has over 16 MiB, or one of its pictures is missing or bad, or the outbox cannot be
     *     written to; the message names the file
     */
    public ImportedTrace importFile(Path file) throws IOException {
        try {
            return imported(TraceReader.read(InputFile.read(file, MAX_BYTES)), file);
        } catch (TraceException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + ": is being imported by another process; import it again after that", e);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be put into the outbox: " + e, e);
        }
    }

    private ImportedTrace imported(Trace trace, Path file) throws IOException {
        TraceRecords records = new TraceRecords(trace, zone, newIds);
        AtomicInteger shown = new AtomicInteger();
        boolean added = outbox.addWhole(records.taskId(), writer -> {
            writer.append(records.started());
            for (TraceStep step : trace.steps()) {
                List<Frame> frames = frames(step, file, writer);
                shown.addAndGet(frames.size());
                writer.append(records.step(step, frames));
            }
            writer.append(records.ended());
        });
        return new ImportedTrace(
                records.taskId(), records.started().timestamp(), trace.steps().size(), shown.get(), added);
    }

    private List<Frame> frames(TraceStep step, Path file, TaskWriter writer) throws IOException {
        Optional<byte[]> png = screenshots.of(step, file);
        return png.isEmpty()
                ? List.of()
                : List.of(writer.writeFrame(step.stepNumber(), FrameRole.BEFORE, png.get(), false, null));
    }
}
