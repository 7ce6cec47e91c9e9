package dev.steptrail.shipper.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state file, and what {@code status --json} says, as JSON. */
public final class StateJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StateJson() {}

    static byte[] write(ShipperState state) {
        return (object(state).toPrettyString() + "\n").getBytes(UTF_8);
    }

    /** The state as an object; what is not known is null. */
    public static ObjectNode object(ShipperState state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("v", 1);
        json.put("sender", state.sender());
        json.put("pid", state.pid());
        json.put("started_at", text(state.startedAt()));
        json.put("updated_at", text(state.updatedAt()));
        json.put("last_success_at", text(state.lastSuccessAt()));
        ShipperState.Problem problem = state.problem();
        if (problem == null) {
            json.putNull("problem");
        } else {
            json.putObject("problem")
                    .put("kind", problem.kind())
                    .put("message", problem.message())
                    .put("since", text(problem.since()));
        }
        ObjectNode counts = json.putObject("counts");
        new TreeMap<>(state.counts()).forEach((name, count) -> counts.put(name, count));
        return json;
    }

    /** A time as all of Steptrail writes it; null for none. */
    public static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    static Optional<ShipperState> read(byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            JsonNode problem = root.path("problem");
            Map<String, Long> counts = new TreeMap<>();
            root.path("counts")
                    .properties()
                    .forEach(
                            count -> counts.put(count.getKey(), count.getValue().asLong()));
            return Optional.of(new ShipperState(
                    root.path("sender").textValue(),
                    root.path("pid").asLong(),
                    Instant.parse(root.path("started_at").asText()),
                    Instant.parse(root.path("updated_at").asText()),
                    time(root.path("last_success_at")),
                    problem.isObject()
                            ? new ShipperState.Problem(
                                    problem.path("kind").asText(),
                                    problem.path("message").asText(),
                                    Instant.parse(problem.path("since").asText()))
                            : null,
                    counts));
        } catch (IOException | DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static @Nullable Instant time(JsonNode text) {
        return text.isTextual() ? Instant.parse(text.textValue()) : null;
    }
}
