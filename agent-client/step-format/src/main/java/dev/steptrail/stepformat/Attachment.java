package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An object in the bucket that contains the complete value of one field of a record, as gzip of its JSON. The record
 * itself contains the beginning of a text, and nothing of any other value.
 *
 * @param field one of {@link #ATTACHABLE}
 * @param path the S3 key, {@code attachments/<sender>/<task_id>/<file>}, at most 1024 bytes
 * @param fileHash SHA-256 of the object, lower-case hex
 * @param fileSize size of the object in bytes, 1 to {@link #MAX_BYTES}
 * @param originalSize size of the value's JSON in bytes, 1 to {@link #MAX_BYTES}
 */
public record Attachment(
        String field, String path, String fileHash, int fileSize, int originalSize, Map<String, Object> unknown) {
    /** The first segment of each path. */
    public static final String FOLDER = "attachments";

    /** The maximum size of an object and of its JSON. No value is larger than a line of the outbox. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /** The name of an attachment with all fields of a record that the format does not define. */
    public static final String OTHER_FIELDS = "other_fields";

    /** The fields that an attachment may contain. */
    public static final Set<String> ATTACHABLE = Set.of(
            "thinking",
            "action",
            "action_result",
            "error_message",
            "timings",
            "resources",
            ModelCall.INPUT,
            ModelCall.OUTPUT,
            "name",
            "description",
            "agent",
            "model",
            "device_id",
            "metadata",
            "attributes",
            "message",
            OTHER_FIELDS);

    static final String PATH_RULE = "must be attachments/<sender>/<task_id>/<file>, at most 1024 bytes";

    static final Set<String> FIELDS = Set.of("field", "path", "file_hash", "file_size", "original_size");

    private static final Set<String> INVALID_SEGMENTS = Set.of("", ".", "..");

    /** The limit of S3 for a key in UTF-8; see "Naming Amazon S3 objects" in the S3 user guide. */
    private static final int MAX_PATH_BYTES = 1024;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public Attachment {
        if (!ATTACHABLE.contains(field)) {
            throw new IllegalArgumentException("field: must be one of "
                    + String.join(", ", ATTACHABLE.stream().sorted().toList()));
        }
        if (!isPath(path)) {
            throw new IllegalArgumentException("path: " + PATH_RULE);
        }
        if (!SHA_256.matcher(fileHash).matches()) {
            throw new IllegalArgumentException("file_hash: must be a SHA-256 in lower-case hex");
        }
        Fields.requireRange("file_size", fileSize, 1, MAX_BYTES);
        Fields.requireRange("original_size", originalSize, 1, MAX_BYTES);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }

    /** Returns the attachments of a record. */
    public static List<Attachment> of(StepRecord record) {
        if (record instanceof Step step) {
            return step.attachments();
        } else if (record instanceof TaskStarted started) {
            return started.attachments();
        }
        return record instanceof TaskEnded ended ? ended.attachments() : List.of();
    }

    /** Returns the content of the object for the JSON of a value, a result of {@link RecordCodec#encodeValue}. */
    public static byte[] compress(byte[] json) {
        return Gzip.compress(json);
    }

    private static boolean isPath(String path) {
        String[] parts = path.split("/", -1);
        return parts.length == 4
                && parts[0].equals(FOLDER)
                && Arrays.stream(parts).noneMatch(INVALID_SEGMENTS::contains)
                && path.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
    }

    /** Returns an unmodifiable copy. @throws IllegalArgumentException if two attachments contain the same field */
    static List<Attachment> copyOf(List<Attachment> attachments) {
        if (attachments.stream().map(Attachment::field).distinct().count() < attachments.size()) {
            throw new IllegalArgumentException("attachments: must not have two elements with the same field");
        }
        return List.copyOf(attachments);
    }
}
