package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.model.RejectionCause;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What could not be kept, as it will stand in rejected_messages.
 *
 * @param body a message that can be sent again as it is; a record alone is in a message of its own, or named by it if it lies in
 *     the bucket, so that nobody is shown what may be another's
 */
record Rejection(
        String senderId,
        @Nullable String owner,
        @Nullable UUID taskId,
        @Nullable Integer stepNumber,
        RejectionCause cause,
        String reason,
        MessageBody body) {

    static final String CONFLICT = "conflict: another step has this number in this task";

    /** Whether it is the same step that came again, or another, shows when it is retried. */
    static final String ARCHIVED = "the step: its task is archived; restore the task, then retry";

    /** @param taskId the one task that it names; null where nobody knows which */
    static Rejection ofMessage(
            ReceivedMessage message,
            @Nullable String owner,
            @Nullable UUID taskId,
            RejectionCause cause,
            String reason) {
        return new Rejection(message.senderId(), owner, taskId, null, cause, reason, message.body());
    }

    static Rejection ofInvalid(String senderId, @Nullable String owner, MessageRecord.Invalid element) {
        return new Rejection(
                senderId, owner, element.taskId(), null, RejectionCause.INVALID, element.reason(), inMessage(element));
    }

    static Rejection ofRecord(
            String senderId, @Nullable String owner, MessageRecord.Valid element, RejectionCause cause, String reason) {
        Integer stepNumber = element.record() instanceof Step step ? step.stepNumber() : null;
        return new Rejection(senderId, owner, element.record().taskId(), stepNumber, cause, reason, inMessage(element));
    }

    boolean isConflict() {
        return cause == RejectionCause.CONFLICT;
    }

    /** Equal for what was delivered twice. The same text is another message where it is to be read in another way. In hex. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Stream.of(senderId, reason, body.text(), body.contentEncoding())
                    .filter(Objects::nonNull)
                    .forEach(part -> {
                        digest.update(part.getBytes(StandardCharsets.UTF_8));
                        digest.update((byte) 0);
                    });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static MessageBody inMessage(MessageRecord element) {
        return MessageCodec.encode(List.of(element.json()));
    }
}
