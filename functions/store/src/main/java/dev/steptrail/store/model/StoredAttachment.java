package dev.steptrail.store.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Attachment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object in the bucket that contains the complete value of a field of a record, as gzip of JSON.
 *
 * @param field the field; {@code other_fields} for those of a step that the step format does not define,
 *     {@code extra_start_fields} and {@code extra_end_fields} for those of a task
 * @param path the S3 key
 * @param fileHash SHA-256 of the object, in hex
 * @param fileSize size of the object in bytes
 * @param originalSize size of the JSON in bytes
 */
public record StoredAttachment(String field, String path, String fileHash, long fileSize, long originalSize) {
    /** Returns the attachments of a step. */
    public static List<StoredAttachment> of(StoredStep step) {
        return parse(JsonColumn.fields(step.stepData()).get("attachments"));
    }

    /** Returns the attachments of a task's start and end, as far as the task contains them. */
    public static List<StoredAttachment> of(Task task) {
        return Stream.concat(
                        extra("extra_start_fields", task.extraStartFields()),
                        extra("extra_end_fields", task.extraEndFields()))
                .toList();
    }

    private static Stream<StoredAttachment> extra(String column, @Nullable String json) {
        return parse(JsonColumn.fields(json).get("attachments")).stream()
                .map(attachment -> attachment.field().equals(Attachment.OTHER_FIELDS)
                        ? new StoredAttachment(
                                column,
                                attachment.path(),
                                attachment.fileHash(),
                                attachment.fileSize(),
                                attachment.originalSize())
                        : attachment);
    }

    /**
     * Parses attachments.
     *
     * @param json an array; null if there are none
     */
    public static List<StoredAttachment> parse(@Nullable String json) {
        List<StoredAttachment> attachments = new ArrayList<>();
        for (JsonNode attachment : JsonColumn.tree(json)) {
            attachments.add(new StoredAttachment(
                    attachment.path("field").asText(),
                    attachment.path("path").asText(),
                    attachment.path("file_hash").asText(),
                    attachment.path("file_size").asLong(),
                    attachment.path("original_size").asLong()));
        }
        return attachments;
    }
}
