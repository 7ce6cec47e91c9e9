package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Sha256;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the steps of a task from the outbox, in the form in which the API returns them. A shipper deletes screenshots
 * that it has delivered, seconds after they were recorded. {@link #keepScreenshots} keeps them.
 *
 * @param folder a temporary folder for screenshots, on any file system
 */
record RecordedSteps(Outbox outbox, UUID taskId, Path folder) {
    private static final String FRAMES = "frames";
    private static final String SCREENSHOTS = "screenshots";
    private static final String PATH = "path";
    private static final int READ_BYTES = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

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
     * @throws NoSuchFileException if the task was delivered
     */
    List<ObjectNode> read() throws IOException {
        List<ObjectNode> steps = new ArrayList<>();
        OutboxTask task = outbox.task(taskId)
                .orElseThrow(() ->
                        new NoSuchFileException(taskId.toString(), null, "the outbox no longer contains the task"));
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
        for (ObjectNode step : steps) {
            addScreenshots(step);
        }
        return steps;
    }

    private void addScreenshots(ObjectNode step) {
        JsonNode frames = step.remove(FRAMES);
        ArrayNode screenshots = step.putArray(SCREENSHOTS);
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
            }
        }
    }

    /** Keeps the screenshots of a task that has ended, and returns the steps; empty if a part of it was delivered. */
    Optional<List<ObjectNode>> readWhole() throws IOException {
        try {
            keepScreenshots();
            List<ObjectNode> steps = read();
            boolean isWhole = steps.stream()
                    .flatMap(step -> step.path(SCREENSHOTS).valueStream())
                    .allMatch(screenshot -> screenshot.has(PATH));
            return isWhole ? Optional.of(steps) : Optional.empty();
        } catch (NoSuchFileException delivered) {
            return Optional.empty();
        }
    }

    /**
     * Adds the perceptual hash of each screenshot of a step that was kept. Returns false if there is none.
     *
     * @param known the hashes that were computed before, by the SHA-256 of the picture: the screen after an action is
     *     usually also the one before the next
     */
    static boolean addHashes(ObjectNode step, Map<String, String> known) throws IOException {
        boolean added = false;
        for (JsonNode screenshot : step.path(SCREENSHOTS)) {
            if (screenshot.has(PATH)) {
                byte[] picture =
                        Files.readAllBytes(Path.of(screenshot.path(PATH).asText()));
                ((ObjectNode) screenshot).put("perceptual_hash", hash(picture, known));
                added = true;
            }
        }
        return added;
    }

    private static @Nullable String hash(byte[] picture, Map<String, String> known) throws IOException {
        String digest = Sha256.hex(picture);
        String hash = known.get(digest);
        if (hash == null) {
            try {
                hash = WebpEncoder.computePerceptualHash(picture);
                known.put(digest, hash);
            } catch (BrokenImageException notAnImage) {
                return null;
            }
        }
        return hash;
    }
}
