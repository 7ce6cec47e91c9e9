package dev.steptrail.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.fixture.Screens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/** Recordings for tests: a sample with changes. */
final class SampleRecordings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SampleRecordings() {}

    static byte[] valid() {
        try {
            return Files.readAllBytes(Screens.sample("weather-finished"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The valid recording with changed JSON. */
    static byte[] with(Consumer<ObjectNode> change) {
        try {
            ObjectNode recording = (ObjectNode) JSON.readTree(valid());
            change.accept(recording);
            return JSON.writeValueAsBytes(recording);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The valid recording with a changed field of its first step. */
    static byte[] withStep(Consumer<ObjectNode> change) {
        return with(recording ->
                change.accept((ObjectNode) recording.withArray("steps").get(0)));
    }

    /** The valid recording with a changed field of each step. */
    static byte[] withEachStep(Consumer<ObjectNode> change) {
        return with(recording -> recording.withArray("steps").forEach(step -> change.accept((ObjectNode) step)));
    }

    /** The valid recording with a changed field of its metadata. */
    static byte[] withMetadata(Consumer<ObjectNode> change) {
        return with(recording -> change.accept((ObjectNode) recording.get("metadata")));
    }

    static AutoGlmRecording read(byte[] json) throws InvalidInputException {
        return new AutoGlmRecording(json, ZoneOffset.UTC, false);
    }

    static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
