package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Reads the steps of a task from the outbox while the task is open, in the form in which the API returns them. A shipper
 * deletes screenshots that it has delivered, seconds after they were recorded. {@link #keepScreenshots} keeps them.
 */
final class RecordedSteps {
    private static final String FRAMES = "frames";
    private static final String PATH = "path";
    private static final int READ_BYTES = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Outbox outbox;
    private final UUID taskId;
    private final Path folder;

    /** @param folder a temporary folder for screenshots, on any file system */
    RecordedSteps(Outbox outbox, UUID taskId, Path folder) {
        this.outbox = outbox;
        this.taskId = taskId;
        this.folder = folder;
    }

    /** Links the screenshots that are recorded so far into the temporary folder, or copies them. */
    void keepScreenshots() throws IOException {
        Path frames = outbox.folder().resolve(taskId.toString()).resolve(FRAMES);
        if (!Files.isDirectory(frames)) {
            return;
        }
        try (Stream<Path> files = Files.list(frames)) {
            for (Path frame : files.toList()) {
                if (!frame.toString().endsWith(".tmp")) { // is being written
                    keep(frame, folder.resolve(frame.getFileName()));
                }
            }
        }
    }

    private static void keep(Path frame, Path kept) throws IOException {
        try {
            Files.createLink(kept, frame);
        } catch (FileAlreadyExistsException | NoSuchFileException keptBeforeOrDelivered) {
            return;
        } catch (IOException | UnsupportedOperationException otherFileSystem) {
            Files.copy(frame, kept);
        }
    }

    /**
     * Returns the steps, with the {@code path} of each screenshot that was kept.
     *
     * @param hashLastScreenshot whether to compute the perceptual hash of each step's last screenshot
     */
    List<ObjectNode> read(boolean hashLastScreenshot) throws IOException {
        List<ObjectNode> steps = new ArrayList<>();
        OutboxTask task = outbox.task(taskId)
                .orElseThrow(() -> new IOException("the outbox no longer contains the task " + taskId));
        long offset = 0;
        List<OutboxLine> lines = task.linesFrom(offset, READ_BYTES);
        while (!lines.isEmpty()) {
            for (OutboxLine line : lines) {
                JsonNode record = line.tooLong() ? JSON.missingNode() : JSON.readTree(line.json());
                if (record instanceof ObjectNode step
                        && step.path("record").asText().equals("step")) {
                    steps.add(step);
                }
                offset = line.end();
            }
            lines = task.linesFrom(offset, READ_BYTES);
        }
        for (int i = 0; i < steps.size(); i++) {
            addScreenshots(steps.get(i), hashLastScreenshot && i == steps.size() - 1);
        }
        return steps;
    }

    private void addScreenshots(ObjectNode step, boolean hash) throws IOException {
        JsonNode frames = step.remove(FRAMES);
        ArrayNode screenshots = step.putArray("screenshots");
        if (frames == null) {
            return;
        }
        for (JsonNode frame : frames) {
            ObjectNode screenshot = screenshots.addObject();
            screenshot.set("role", frame.path("role"));
            screenshot.set("sensitive", frame.path("sensitive"));
            Path kept = folder.resolve(Path.of(frame.path("file").asText()).getFileName());
            if (Files.exists(kept)) {
                screenshot.put(PATH, kept.toString());
                if (hash) {
                    addHash(screenshot, kept);
                }
            }
        }
    }

    private static void addHash(ObjectNode screenshot, Path picture) throws IOException {
        try {
            screenshot.put("perceptual_hash", WebpEncoder.computePerceptualHash(Files.readAllBytes(picture)));
        } catch (BrokenImageException notAnImage) {
            screenshot.putNull("perceptual_hash");
        }
    }
}
