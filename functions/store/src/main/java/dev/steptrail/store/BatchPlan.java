package dev.steptrail.store;

import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides, without touching the database, what of a batch is kept and for whom: who may write it, to which task each record
 * belongs, and what is rejected and why. Tasks come out in the order of their ids, which is the order of their locks.
 */
final class BatchPlan {
    /** Characters, as the table of tasks takes them. */
    private static final int MAX_OWNER = 256;

    private static final String SCREENSHOTS = "screenshots";

    private static final String KEY_RULE =
            "must be %s/<sender>/<task_id>/<file>, at most 1024 bytes and no control characters, of a sender of the task's"
                    + " owner,"
                    + " or of the owner whose agent sent it";

    private final Senders senders;
    private final Map<UUID, KnownTask> known;
    private final Map<UUID, TaskArrivals> tasks = new TreeMap<>(TaskOrder.OF_IDS);
    private final Map<UUID, HandOver> handOvers = new TreeMap<>(TaskOrder.OF_IDS);
    private final List<Rejection> rejections = new ArrayList<>();

    /** Of the message that is looked at. */
    private final Map<Naming, Boolean> mayNameAll = new HashMap<>();

    private int dropped;

    /** A task that was begun for the sender's own owner before its task_started told for whom it is. */
    record HandOver(UUID taskId, String from, String to) {}

    /** For whom a message names screenshots of a task. */
    private record Naming(UUID taskId, String owner) {}

    private BatchPlan(Senders senders, Map<UUID, KnownTask> known) {
        this.senders = senders;
        this.known = new HashMap<>(known);
    }

    static BatchPlan of(List<ReceivedMessage> messages, Senders senders, Map<UUID, KnownTask> known) {
        BatchPlan plan = new BatchPlan(senders, known);
        // What tells for whom a task is goes first, wherever in the batch it stands.
        messages.forEach(message -> plan.add(message, true));
        messages.forEach(message -> plan.add(message, false));
        return plan;
    }

    Collection<TaskArrivals> tasks() {
        return tasks.values();
    }

    Collection<HandOver> handOvers() {
        return handOvers.values();
    }

    List<Rejection> rejections() {
        return rejections;
    }

    /** Records of deleted tasks. */
    int dropped() {
        return dropped;
    }

    private void add(ReceivedMessage message, boolean beginnings) {
        Agent agent = senders.of(message.senderId());
        String owner = agent == null ? null : agent.owner();
        if (message.rejection() != null || agent == null) {
            if (beginnings) {
                String reason = message.rejection() != null
                        ? message.rejection()
                        : "the sender: is not registered; register it as an agent";
                reject(message, owner, reason);
            }
            return;
        }
        mayNameAll.clear();
        for (MessageRecord element : message.records()) {
            if (element instanceof MessageRecord.Valid valid) {
                if (valid.record() instanceof TaskStarted == beginnings) {
                    add(message, agent, valid);
                }
            } else if (element instanceof MessageRecord.Invalid invalid && !beginnings) {
                reject(message.senderId(), owner, invalid);
            }
        }
    }

    /** As a whole, but that what names different tasks is parted: a task may be deleted, and goes with all that tells of it. */
    private void reject(ReceivedMessage message, @Nullable String owner, String reason) {
        Map<Optional<UUID>, List<MessageRecord>> byTask = message.records().stream()
                .collect(Collectors.groupingBy(
                        element -> Optional.ofNullable(element.taskId()), LinkedHashMap::new, Collectors.toList()));
        if (byTask.isEmpty()) {
            rejections.add(Rejection.ofMessage(message, owner, null, reason));
        }
        byTask.forEach((task, elements) -> {
            if (isDeleted(task.orElse(null))) {
                dropped += elements.size();
                return;
            }
            ReceivedMessage part = byTask.size() == 1 ? message : message.part(elements);
            rejections.add(Rejection.ofMessage(part, owner, task.orElse(null), reason));
        });
    }

    private void reject(String senderId, @Nullable String owner, MessageRecord.Invalid element) {
        if (isDeleted(element.taskId())) {
            dropped++;
        } else {
            rejections.add(Rejection.ofInvalid(senderId, owner, element));
        }
    }

    private boolean isDeleted(@Nullable UUID taskId) {
        KnownTask task = taskId == null ? null : known.get(taskId);
        return task != null && task.deleted();
    }

    private void add(ReceivedMessage message, Agent agent, MessageRecord.Valid element) {
        StepRecord record = element.record();
        if (isDeleted(record.taskId())) {
            dropped++;
            return;
        }
        KnownTask task = known.get(record.taskId());
        String reason = reasonAgainst(message, agent, element, task);
        if (reason != null) {
            rejections.add(Rejection.ofRecord(message.senderId(), agent.owner(), element, reason));
            return;
        }
        String owner = ownerOf(agent, record, task);
        boolean announced = record instanceof TaskStarted || (task != null && task.announced());
        known.put(record.taskId(), new KnownTask(owner, announced, task != null && task.archived(), false));
        if (task != null && !task.owner().equals(owner)) {
            handOvers.put(record.taskId(), new HandOver(record.taskId(), task.owner(), owner));
        }
        tasks.computeIfAbsent(record.taskId(), id -> new TaskArrivals(id, owner))
                .add(message.senderId(), element);
    }

    private @Nullable String reasonAgainst(
            ReceivedMessage message, Agent agent, MessageRecord.Valid element, @Nullable KnownTask task) {
        StepRecord record = element.record();
        if (record instanceof TaskStarted started && started.onBehalfOf() != null) {
            if (!isOwner(started.onBehalfOf())) {
                return "on_behalf_of: must be 1 to " + MAX_OWNER + " characters";
            }
            if (!agent.mayRecordFor(started.onBehalfOf())) {
                return "on_behalf_of: this sender may not record for that owner";
            }
        }
        String owner = ownerOf(agent, record, task);
        if (task != null && !task.owner().equals(owner)) {
            boolean mayHandOver = !task.announced() && task.owner().equals(agent.owner());
            if (!mayHandOver) {
                return "task_id: the task belongs to another owner";
            }
        }
        Payload payload = element.payload();
        if (payload != null && !mayName(Payload.FOLDER, agent, owner, record.taskId(), payload.path())) {
            return "payload.path: " + KEY_RULE.formatted(Payload.FOLDER);
        }
        return record instanceof Step step && !mayNameAll(message, agent, new Naming(step.taskId(), owner))
                ? reasonAgainst(agent, owner, step)
                : null;
    }

    private static boolean isOwner(String name) {
        return !name.isEmpty() && name.codePointCount(0, name.length()) <= MAX_OWNER;
    }

    /** Whether a message may name all the screenshots that it names of a task: asked for each of its steps, and the same for all. */
    private boolean mayNameAll(ReceivedMessage message, Agent agent, Naming naming) {
        return mayNameAll.computeIfAbsent(
                naming, asked -> message.names().keys().getOrDefault(asked.taskId(), Set.of()).stream()
                        .allMatch(key -> mayName(SCREENSHOTS, agent, asked.owner(), asked.taskId(), key)));
    }

    private @Nullable String reasonAgainst(Agent agent, String owner, Step step) {
        for (int i = 0; i < step.screenshots().size(); i++) {
            Screenshot screenshot = step.screenshots().get(i);
            if (!mayName(SCREENSHOTS, agent, owner, step.taskId(), screenshot.screenshotPath())) {
                return "screenshots[" + i + "].screenshot_path: " + KEY_RULE.formatted(SCREENSHOTS);
            }
            if (screenshot.thumbnailPath() != null
                    && !mayName(SCREENSHOTS, agent, owner, step.taskId(), screenshot.thumbnailPath())) {
                return "screenshots[" + i + "].thumbnail_path: " + KEY_RULE.formatted(SCREENSHOTS);
            }
        }
        return null;
    }

    private boolean mayName(String folder, Agent agent, String owner, UUID taskId, String key) {
        return senders.isKeyOf(folder, owner, taskId, key) || senders.isKeyOf(folder, agent.owner(), taskId, key);
    }

    /** For whom the record is: as it says itself, else whoever has the task, if the sender may write for them. */
    private static String ownerOf(Agent agent, StepRecord record, @Nullable KnownTask task) {
        if (record instanceof TaskStarted started && started.onBehalfOf() != null) {
            return started.onBehalfOf();
        }
        return task != null && agent.mayRecordFor(task.owner()) ? task.owner() : agent.owner();
    }
}
