package dev.steptrail.shipper.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state file as JSON, by the streaming parser alone: in an agent's process nothing else loads the rest of Jackson. */
final class StateJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String COUNTS = "/counts/";

    private StateJson() {}

    static byte[] write(ShipperState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("v", 1);
            json.writeStringField("sender", state.sender());
            json.writeNumberField("pid", state.pid());
            time(json, "started_at", state.startedAt());
            time(json, "updated_at", state.updatedAt());
            time(json, "last_success_at", state.lastSuccessAt());
            problem(json, state.problem());
            json.writeObjectFieldStart("counts");
            for (Map.Entry<String, Long> count : new TreeMap<>(state.counts()).entrySet()) {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private static void problem(JsonGenerator json, ShipperState.@Nullable Problem problem) throws IOException {
        if (problem == null) {
            json.writeNullField("problem");
            return;
        }
        json.writeObjectFieldStart("problem");
        json.writeStringField("kind", problem.kind());
        json.writeStringField("message", problem.message());
        time(json, "since", problem.since());
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        json.writeStringField(field, time == null ? null : time.toString());
    }

    static Optional<ShipperState> read(byte[] json) {
        try {
            Map<String, String> values = values(json);
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
                    problem(values),
                    counts));
        } catch (IOException | DateTimeException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    private static ShipperState.@Nullable Problem problem(Map<String, String> values) throws IOException {
        return values.containsKey("/problem/kind")
                ? new ShipperState.Problem(
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

    /** All values that are not null, by their path, such as {@code /problem/kind}. */
    private static Map<String, String> values(byte[] json) throws IOException {
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
