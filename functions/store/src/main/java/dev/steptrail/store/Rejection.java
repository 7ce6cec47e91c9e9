package dev.steptrail.store;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What could not be kept, as it will stand in rejected_messages.
 *
 * @param body a message that can be sent again as it is; a record alone is in a message of its own
 */
record Rejection(
        String senderId,
        @Nullable String owner,
        @Nullable UUID taskId,
        @Nullable Integer stepNumber,
        String reason,
        MessageBody body) {

    static final String CONFLICT = "conflict: another step has this number in this task";

    static Rejection ofMessage(ReceivedMessage message, @Nullable String owner, String reason) {
        return new Rejection(message.senderId(), owner, null, null, reason, message.body());
    }

    static Rejection ofText(String senderId, @Nullable String owner, String reason, String json) {
        return new Rejection(senderId, owner, null, null, reason, inMessage(json.getBytes(StandardCharsets.UTF_8)));
    }

    static Rejection ofRecord(
            String senderId, @Nullable String owner, StepRecord record, @Nullable Integer stepNumber, String reason) {
        return new Rejection(
                senderId, owner, record.taskId(), stepNumber, reason, inMessage(RecordCodec.encode(record)));
    }

    boolean isConflict() {
        return reason.equals(CONFLICT);
    }

    /** Equal for what was delivered twice. In hex. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(senderId, reason, body.text())) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static MessageBody inMessage(byte[] record) {
        return MessageCodec.encode(List.of(record));
    }
}
