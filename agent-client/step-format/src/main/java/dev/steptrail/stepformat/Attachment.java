package dev.steptrail.stepformat;

import java.util.Map;
import java.util.Set;

/**
 * An object in the bucket that contains the value of one field of a step, as gzip of its JSON.
 *
 * @param field {@code model_input} or {@code model_output}
 * @param path the S3 key, {@code attachments/<sender>/<task_id>/<file>}, at most 1024 bytes
 * @param fileHash SHA-256 of the object, lower-case hex
 * @param fileSize size of the object in bytes, 1 to {@link PayloadCodec#MAX_BYTES}
 */
public record Attachment(String field, String path, String fileHash, int fileSize, Map<String, Object> unknown) {
    /** The first segment of each path. */
    public static final String FOLDER = "attachments";

    static final String PATH_RULE = "must be attachments/<sender>/<task_id>/<file>, at most 1024 bytes";

    static final Set<String> FIELDS = Set.of("field", "path", "file_hash", "file_size");

    public Attachment {
        if (!ModelCall.ATTACHABLE.contains(field)) {
            throw new IllegalArgumentException("field: must be one of " + String.join(", ", ModelCall.ATTACHABLE));
        }
        if (!Payload.isPath(FOLDER, path)) {
            throw new IllegalArgumentException("path: " + PATH_RULE);
        }
        if (!Payload.isHash(fileHash)) {
            throw new IllegalArgumentException("file_hash: " + Payload.HASH_RULE);
        }
        Fields.requireRange("file_size", fileSize, 1, PayloadCodec.MAX_BYTES);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }
}
