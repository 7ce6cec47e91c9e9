package dev.steptrail.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.query.TaskRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A request to export many tasks as JSON Lines. The export's key in the bucket is
 * {@code exports/<owner>/tasks.<hash>.jsonl} or, if the tasks may belong to any owner,
 * {@code exports/tasks.<hash>.jsonl}.
 *
 * @param caller the requesting user; users do not share exports, because an export records its caller in the audit log
 * @param filter selects the tasks
 * @param state a hash of the tasks' state, 16 hexadecimal digits; polling clients send the state of the first response
 * @param deleted the number of the owner's deleted tasks, regardless of the rest of the filter; a deletion changes the
 *     key, so that an older export with the deleted task is not returned
 */
public record TasksExportRequest(String caller, TaskFilter filter, String state, long deleted) {
    public static final String STATE_PATTERN = "[0-9a-f]{16}";

    public static final String CONTENT_TYPE = "application/x-ndjson";

    /** The version of the export's content. A change of the content must increment it. */
    private static final int VERSION = 3;

    private static final String PREFIX = "tasks?";
    private static final int NAME_LENGTH = 32;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantDeserializer()))
            .build();

    /** @throws IllegalArgumentException if a value is invalid */
    public TasksExportRequest {
        if (caller == null || filter == null || !state.matches(STATE_PATTERN) || deleted < 0) {
            throw new IllegalArgumentException("a value is missing or invalid");
        }
    }

    /** Returns a request for the current state of the tasks. */
    public static TasksExportRequest of(String caller, TaskFilter filter, TaskRepository.State current) {
        String state = Sha256.hex((VERSION + "|" + current.version()).getBytes(UTF_8));
        return new TasksExportRequest(caller, filter, state.substring(0, 16), current.deleted());
    }

    public String key() {
        String folder = filter.owner() == null ? "" : ArchiveKeys.folder(filter.owner()) + "/";
        String name = Sha256.hex((VERSION + "|" + message()).getBytes(UTF_8)).substring(0, NAME_LENGTH);
        return "exports/" + folder + "tasks." + name + ".jsonl";
    }

    /** Returns the value of {@code Content-Disposition}. */
    public String disposition() {
        return "attachment; filename=\"tasks-" + state + ".jsonl\"";
    }

    /** Returns the queue message: the fields as JSON, in base64url, so that they need no escaping. */
    public String message() {
        try {
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(this));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses a message; empty if {@link #message} did not create it. */
    public static Optional<TasksExportRequest> parse(String message) {
        if (!message.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(message.substring(PREFIX.length()));
            return Optional.ofNullable(JSON.readValue(json, TasksExportRequest.class))
                    .filter(request -> request.message().equals(message));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static final class InstantDeserializer extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
