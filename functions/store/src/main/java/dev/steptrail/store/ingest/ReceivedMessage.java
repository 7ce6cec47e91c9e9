package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.store.model.ObjectKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message of the queue, and the tasks, senders, steps and objects that {@link BatchReader} looks up for it.
 * Immutable.
 */
public final class ReceivedMessage {
    private final String senderId;
    private final MessageBody body;
    private final List<MessageRecord> records;
    private final @Nullable String rejection;
    private final RejectionCause cause;
    private final Set<UUID> taskIds = new HashSet<>();
    private final Set<String> senderIds = new HashSet<>();
    private final List<StepNumberRange> steps;
    private final Map<UUID, Set<String>> keys = new HashMap<>();

    /**
     * Creates a message.
     *
     * @param senderId the sender according to the queue ({@code aws:userid})
     * @param body as received, for rejections
     * @param records all or some of the records in the body; for a rejected message, those that could be decoded
     * @param rejection why the whole message is rejected, without its content; null if it is not rejected
     */
    public ReceivedMessage(String senderId, MessageBody body, List<MessageRecord> records, @Nullable String rejection) {
        this(senderId, body, records, rejection, RejectionCause.UNREADABLE);
    }

    private ReceivedMessage(
            String senderId,
            MessageBody body,
            List<MessageRecord> records,
            @Nullable String rejection,
            RejectionCause cause) {
        this.senderId = senderId;
        this.body = body;
        this.records = List.copyOf(records);
        this.rejection = rejection;
        this.cause = cause;
        // Computed here, because messages are decoded in parallel.
        steps = StepNumberRange.join(findReferences());
    }

    private Stream<StepNumberRange> findReferences() {
        senderIds.add(senderId);
        Map<UUID, List<Step>> stepsByTask = new HashMap<>();
        for (MessageRecord element : records) {
            UUID taskId = element.taskId();
            if (taskId != null) {
                taskIds.add(taskId);
            }
            if (element instanceof MessageRecord.Valid valid) {
                Attachment.of(valid.record()).forEach(attachment -> addUploader(attachment.path()));
                if (valid.record() instanceof Step step) {
                    stepsByTask
                            .computeIfAbsent(step.taskId(), id -> new ArrayList<>())
                            .add(step);
                }
            }
        }
        stepsByTask.forEach((taskId, ofTask) -> keys.put(taskId, keys(ofTask)));
        keys.values().forEach(ofTask -> ofTask.forEach(this::addUploader));
        return stepsByTask.values().stream()
                .flatMap(List::stream)
                .map(step -> StepNumberRange.of(step.taskId(), step.stepNumber()));
    }

    private void addUploader(String key) {
        String uploader = ObjectKeys.senderId(key);
        if (uploader != null) {
            senderIds.add(uploader);
        }
    }

    /** Returns the first key of each folder, and all invalid keys. */
    private static Set<String> keys(List<Step> steps) {
        Set<String> keys = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (Step step : steps) {
            for (Screenshot screenshot : step.screenshots()) {
                for (String key : Arrays.asList(screenshot.screenshotPath(), screenshot.thumbnailPath())) {
                    if (key != null
                            && (ObjectKeys.senderId(key) == null
                                    || folders.add(key.substring(0, key.lastIndexOf('/'))))) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    /** Returns the message as rejected by Postgres. If it has one record, its body contains only that record. */
    public ReceivedMessage rejected(String reason) {
        ReceivedMessage rejected = records.size() == 1 ? subset(records) : this;
        return new ReceivedMessage(senderId, rejected.body, records, reason, RejectionCause.REFUSED);
    }

    /** Returns a message whose body contains only these records. */
    ReceivedMessage subset(List<MessageRecord> selected) {
        MessageBody selectedBody =
                MessageCodec.encode(selected.stream().map(MessageRecord::json).toList());
        return new ReceivedMessage(senderId, selectedBody, selected, rejection, cause);
    }

    /** Returns one message with the same body for each record. */
    public List<ReceivedMessage> split() {
        return records.stream()
                .map(each -> new ReceivedMessage(senderId, body, List.of(each), rejection, cause))
                .toList();
    }

    public String senderId() {
        return senderId;
    }

    public MessageBody body() {
        return body;
    }

    public List<MessageRecord> records() {
        return records;
    }

    public @Nullable String rejection() {
        return rejection;
    }

    RejectionCause cause() {
        return cause;
    }

    Set<UUID> taskIds() {
        return taskIds;
    }

    /** Returns the senders of the message and of the objects that it references. */
    Set<String> senderIds() {
        return senderIds;
    }

    List<StepNumberRange> steps() {
        return steps;
    }

    /**
     * Returns by task one key of a screenshot or thumbnail per folder, and all keys with an invalid format. If these
     * are allowed, all keys are.
     */
    Map<UUID, Set<String>> keys() {
        return keys;
    }
}
