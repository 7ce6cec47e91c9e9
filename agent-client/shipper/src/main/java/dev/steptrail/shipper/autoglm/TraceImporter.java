package dev.steptrail.shipper.autoglm;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts runs that Open-AutoGLM's recorder wrote into an outbox, each whole or not at all. Not thread-safe. */
public final class TraceImporter {
    private final Outbox outbox;
    private final TraceScreenshots screenshots;
    private final ZoneId zone;

    /**
     * @param screenshots where the pictures are
     * @param zone in which times without a zone are meant
     */
    public TraceImporter(Outbox outbox, TraceScreenshots screenshots, ZoneId zone) {
        this.outbox = outbox;
        this.screenshots = screenshots;
        this.zone = zone;
    }

    /**
     * Imports one file.
     *
     * @throws IOException if it is no such recording, or one of its pictures is bad, or the outbox cannot be written to;
     *     the message names the file
     */
    public ImportedTrace importFile(Path file) throws IOException {
        try {
            Trace trace = TraceReader.read(Files.readAllBytes(file));
            TraceRecords records = new TraceRecords(trace, zone);
            List<Optional<byte[]>> pictures = new ArrayList<>();
            for (TraceStep step : trace.steps()) {
                pictures.add(screenshots.of(step, file));
            }
            outbox.addWhole(records.taskId(), writer -> write(writer, trace, records, pictures));
            int shown = (int) pictures.stream().filter(Optional::isPresent).count();
            return new ImportedTrace(records.taskId(), trace.steps().size(), shown);
        } catch (TraceException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException(file + ": cannot be read", e);
        }
    }

    private static void write(TaskWriter writer, Trace trace, TraceRecords records, List<Optional<byte[]>> pictures)
            throws IOException {
        writer.append(records.started());
        for (int i = 0; i < pictures.size(); i++) {
            TraceStep step = trace.steps().get(i);
            List<Frame> frames = new ArrayList<>();
            if (pictures.get(i).isPresent()) {
                byte[] png = pictures.get(i).get();
                frames.add(writer.writeFrame(step.stepNumber(), FrameRole.BEFORE, png, false, null));
            }
            writer.append(records.step(step, frames));
        }
        writer.append(records.ended());
    }
}
