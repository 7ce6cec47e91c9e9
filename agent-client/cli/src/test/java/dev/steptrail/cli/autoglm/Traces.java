package dev.steptrail.cli.autoglm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.fixture.Screens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/** Traces for tests: a sample run with changes. */
final class Traces {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Traces() {}

    static byte[] good() {
        try {
            return Files.readAllBytes(Screens.sample("weather-finished"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The good trace with changed JSON. */
    static byte[] with(Consumer<ObjectNode> change) {
        try {
            ObjectNode trace = (ObjectNode) JSON.readTree(good());
            change.accept(trace);
            return JSON.writeValueAsBytes(trace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The good trace with a changed field of its first step. */
    static byte[] withStep(Consumer<ObjectNode> change) {
        return with(trace -> change.accept((ObjectNode) trace.withArray("steps").get(0)));
    }

    /** The good trace with a changed field of each step. */
    static byte[] withEachStep(Consumer<ObjectNode> change) {
        return with(trace -> trace.withArray("steps").forEach(step -> change.accept((ObjectNode) step)));
    }

    /** The good trace with a changed field of its metadata. */
    static byte[] withMetadata(Consumer<ObjectNode> change) {
        return with(trace -> change.accept((ObjectNode) trace.get("metadata")));
    }

    static Trace read(byte[] json) throws TraceException {
        return new Trace(json, ZoneOffset.UTC, false);
    }

    static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
