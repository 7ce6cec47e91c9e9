package dev.steptrail.localcloud;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.model.Agent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Generates the messages of many senders: shuffled records, twenty per message, of tasks that two senders share. Some
 * messages are duplicates, and some can never be stored. The result is deterministic for a seed.
 */
final class LoadGenerator {
    static final int SENDERS = 8;
    private static final int OWNERS = SENDERS / 2;
    private static final int STEPS_OF_A_TASK = 50;
    private static final int RECORDS_OF_A_MESSAGE = 20;
    private static final int ONE_IN_SO_MANY_IS_POISON = 100;
    private static final int ONE_IN_SO_MANY_COMES_TWICE = 20;

    private final Random random;
    private final RandomSteps randomSteps;
    private final List<Step> steps = new ArrayList<>();
    private final List<Shipment> firstOfOwners = new ArrayList<>();
    private final List<UUID> firstTasks = new ArrayList<>();
    private final List<Poison> poison = new ArrayList<>();
    private final List<Shipment> shipments = new ArrayList<>();

    /** A message and the index of its sender. */
    record Shipment(int sender, MessageBody body) {
        String senderId() {
            return LoadGenerator.senderId(sender);
        }
    }

    /** A message that can never be stored, with the expected reason of its rejection. */
    record Poison(Shipment shipment, String reason) {}

    /** @param steps total number of valid steps */
    LoadGenerator(int steps, Random random) {
        this.random = random;
        this.randomSteps = new RandomSteps(random);
        for (int owner = 0; owner < OWNERS; owner++) {
            addTasks(owner, steps / OWNERS);
        }
        int messages = shipments.size();
        for (int i = 0; i < Math.max(Kind.values().length, messages / ONE_IN_SO_MANY_IS_POISON); i++) {
            poison.add(poison(Kind.values()[i % Kind.values().length]));
        }
        poison.forEach(bad -> shipments.add(bad.shipment()));
        Collections.shuffle(shipments, random);
        shipments.addAll(List.copyOf(shipments.subList(0, messages / ONE_IN_SO_MANY_COMES_TWICE)));
        Collections.shuffle(shipments, random);
    }

    /** Returns the registered senders, two per owner. */
    static List<Agent> agents() {
        return IntStream.range(0, SENDERS)
                .mapToObj(sender -> new Agent("AROA" + sender, "owner-" + sender % OWNERS, List.of()))
                .toList();
    }

    /** Returns the start of one task per owner, to be stored before senders of other owners use the id. */
    List<Shipment> firstOfOwners() {
        return firstOfOwners;
    }

    List<Shipment> shipments() {
        return shipments;
    }

    /** Returns all valid steps. */
    List<Step> steps() {
        return steps;
    }

    List<Poison> poison() {
        return poison;
    }

    private static String senderId(int sender) {
        return sender < SENDERS ? "AROA" + sender + ":phone" : "AIDASTRANGER";
    }

    private void addTasks(int owner, int count) {
        List<StepRecord> records = new ArrayList<>();
        for (int done = 0; done < count; done += STEPS_OF_A_TASK) {
            UUID task = randomSteps.newTask();
            TaskStarted started = new TaskStarted(
                    task,
                    RandomSteps.START,
                    "camera",
                    null,
                    "agent",
                    null,
                    null,
                    null,
                    null,
                    Map.of(),
                    ExperimentCase.NONE,
                    List.of(),
                    Map.of());
            if (done == 0) {
                firstTasks.add(task);
                firstOfOwners.add(new Shipment(owner, encode(started)));
            }
            int last = Math.min(STEPS_OF_A_TASK, count - done);
            List<Step> taken = IntStream.rangeClosed(1, last)
                    .mapToObj(number -> step(owner, task, number))
                    .toList();
            steps.addAll(taken);
            records.add(started);
            records.addAll(taken);
            records.add(new TaskEnded(
                    task,
                    RandomSteps.START.plusSeconds(last),
                    TaskStatus.SUCCEEDED,
                    null,
                    "done",
                    last,
                    List.of(),
                    Map.of()));
        }
        Collections.shuffle(records, random);
        for (int from = 0; from < records.size(); from += RECORDS_OF_A_MESSAGE) {
            List<StepRecord> some = records.subList(from, Math.min(from + RECORDS_OF_A_MESSAGE, records.size()));
            shipments.add(new Shipment(oneOf(owner), encode(some.toArray(StepRecord[]::new))));
        }
    }

    /** Returns one of the two senders of this owner at random. */
    private int oneOf(int owner) {
        return owner + OWNERS * random.nextInt(2);
    }

    private enum Kind {
        BAD_GZIP,
        UNKNOWN_VERSION,
        WRONG_TYPE,
        MISSING_KEY,
        STRANGER,
        TASK_OF_ANOTHER
    }

    private Poison poison(Kind kind) {
        int owner = random.nextInt(OWNERS);
        int sender = oneOf(owner);
        MessageBody body = encode(step(owner, randomSteps.newTask(), 1));
        return switch (kind) {
            case BAD_GZIP -> {
                String gzip = encode(IntStream.rangeClosed(1, RECORDS_OF_A_MESSAGE)
                                .mapToObj(number -> step(owner, randomSteps.newTask(), number))
                                .toArray(StepRecord[]::new))
                        .text();
                MessageBody half = new MessageBody(gzip.substring(0, gzip.length() / 8 * 4), MessageBody.GZIP);
                yield new Poison(new Shipment(sender, half), "the message is not gzip or is truncated");
            }
            case UNKNOWN_VERSION ->
                poison(sender, body, "{\"v\":1", "{\"v\":9", "v: must be 1, the only supported version");
            case WRONG_TYPE ->
                poison(sender, body, "\"success\":true", "\"success\":\"yes\"", "success: must be true or false");
            case MISSING_KEY -> poison(sender, body, "\"step_type\"", "\"x_step_type\"", "step_type: is missing");
            case STRANGER ->
                new Poison(
                        new Shipment(SENDERS, body),
                        "the sender is not registered; an admin must register it as an agent");
            case TASK_OF_ANOTHER -> {
                UUID others = firstTasks.get((owner + 1) % OWNERS);
                int number = STEPS_OF_A_TASK + 1 + poison.size();
                yield new Poison(
                        new Shipment(sender, encode(step(owner, others, number))),
                        "task_id: the task belongs to another owner");
            }
        };
    }

    private static Poison poison(int sender, MessageBody good, String from, String to, String reason) {
        String bad = good.text().replace(from, to);
        return new Poison(new Shipment(sender, new MessageBody(bad, null)), reason);
    }

    private Step step(int owner, UUID task, int number) {
        return randomSteps.step(senderId(oneOf(owner)), task, number);
    }

    private static MessageBody encode(StepRecord... records) {
        return MessageCodec.encode(
                List.of(records).stream().map(RecordCodec::encode).toList());
    }
}
