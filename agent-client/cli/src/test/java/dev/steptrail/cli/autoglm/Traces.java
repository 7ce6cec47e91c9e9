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

/** Traces for tests: a sample run, spoilt as each test needs it. */
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

    /** The good one with its JSON changed. */
    static byte[] with(Consumer<ObjectNode> change) {
        try {
            ObjectNode trace = (ObjectNode) JSON.readTree(good());
            change.accept(trace);
            return JSON.writeValueAsBytes(trace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The good one with a field of its first step changed. */
    static byte[] withStep(Consumer<ObjectNode> change) {
        return with(trace -> change.accept((ObjectNode) trace.withArray("steps").get(0)));
    }

    /** The good one with a field of each of its steps changed. */
    static byte[] withEachStep(Consumer<ObjectNode> change) {
        return with(trace -> trace.withArray("steps").forEach(step -> change.accept((ObjectNode) step)));
    }

    /** The good one with a field of its metadata changed. */
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
