package dev.steptrail.shipper.internal.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last state that an outbox's shipper wrote to {@code <outbox>/.shipper.json}. The shipper may have exited since.
 * {@code FORMAT.md} of step-format specifies the file.
 *
 * @param sender the id under which the shipper stores screenshots; null while unknown
 * @param pid the shipper's process id
 * @param startedAt when the shipper opened the outbox
 * @param updatedAt when the shipper wrote this state
 * @param lastSuccessAt when SQS last accepted a message from this shipper or a previous one; null if never
 * @param problem the problem that prevents shipping; null if there is none
 * @param counts the counters since {@code startedAt}, by name
 */
public record ShipperState(
        @Nullable String sender,
        long pid,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant lastSuccessAt,
        @Nullable Problem problem,
        Map<String, Long> counts) {
    /** Uses only the streaming API, so that an agent's process does not load the rest of Jackson. */
    private static final JsonFactory JSON = new JsonFactory();

    private static final String COUNTS = "/counts/";

    /**
     * A problem that prevents shipping.
     *
     * @param kind the machine-readable kind, such as {@code queue}
     * @param message the problem and what to do, one line
     * @param since when a problem of this kind first occurred
     */
    public record Problem(String kind, String message, Instant since) {}

    public ShipperState {
        counts = Map.copyOf(counts);
    }

    /** Reads the state file of {@code outbox}; returns empty if there is none or it is malformed. */
    public static Optional<ShipperState> read(Outbox outbox) throws IOException {
        return outbox.readShipperState().flatMap(ShipperState::parse);
    }

    public void write(Outbox outbox) throws IOException {
        outbox.writeShipperState(toJson());
    }

    public byte[] toJson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("v", 1);
            json.writeStringField("sender", sender);
            json.writeNumberField("pid", pid);
            writeTime(json, "started_at", startedAt);
            writeTime(json, "updated_at", updatedAt);
            writeTime(json, "last_success_at", lastSuccessAt);
            if (problem == null) {
                json.writeNullField("problem");
            } else {
                json.writeObjectFieldStart("problem");
                json.writeStringField("kind", problem.kind());
                json.writeStringField("message", problem.message());
                writeTime(json, "since", problem.since());
                json.writeEndObject();
            }
            json.writeObjectFieldStart("counts");
            for (Map.Entry<String, Long> count : new TreeMap<>(counts).entrySet()) {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private static void writeTime(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        json.writeStringField(field, time == null ? null : time.toString());
    }

    private static Optional<ShipperState> parse(byte[] json) {
        try {
            Map<String, String> values = parseValues(json);
            Map<String, Long> counts = new TreeMap<>();
            values.forEach((path, value) -> {
                if (path.startsWith(COUNTS)) {
                    counts.put(path.substring(COUNTS.length()), Long.parseLong(value));
                }
            });
            return Optional.of(new ShipperState(
                    values.get("/sender"),
                    Long.parseLong(required(values, "/pid")),
                    Instant.parse(required(values, "/started_at")),
                    Instant.parse(required(values, "/updated_at")),
                    values.containsKey("/last_success_at") ? Instant.parse(required(values, "/last_success_at")) : null,
                    parseProblem(values),
                    counts));
        } catch (IOException | DateTimeException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    private static @Nullable Problem parseProblem(Map<String, String> values) throws IOException {
        return values.containsKey("/problem/kind")
                ? new Problem(
                        required(values, "/problem/kind"),
                        required(values, "/problem/message"),
                        Instant.parse(required(values, "/problem/since")))
                : null;
    }

    private static String required(Map<String, String> values, String path) throws IOException {
        String value = values.get(path);
        if (value == null) {
            throw new IOException(path + " is missing");
        }
        return value;
    }

    /** Returns all values that are not null, by JSON pointer, such as {@code /problem/kind}. */
    private static Map<String, String> parseValues(byte[] json) throws IOException {
        Map<String, String> values = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    values.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
                }
            }
        }
        return values;
    }
}
