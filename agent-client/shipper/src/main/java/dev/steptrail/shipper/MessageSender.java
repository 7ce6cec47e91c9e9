package dev.steptrail.shipper;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Sends the records of batches to the queue, and passes each result on to its batch. Not thread-safe. */
final class MessageSender {
    private final StepQueue queue;
    private final BucketUploads uploads;
    private final ShipCounts counts;
    private final TaskFailures failures;

    /** A message with some records of a batch. */
    private record Message(Batch batch, List<Batch.Sendable> records, MessageBody body) {
        static Message of(Batch batch, List<Batch.Sendable> records) {
            return new Message(
                    batch,
                    records,
                    MessageCodec.encode(
                            records.stream().map(Batch.Sendable::json).toList()));
        }
    }

    MessageSender(StepQueue queue, BucketUploads uploads, ShipCounts counts, TaskFailures failures) {
        this.queue = queue;
        this.uploads = uploads;
        this.counts = counts;
        this.failures = failures;
    }

    /**
     * Waits for the uploads of the batches, and sends all their messages.
     *
     * @throws ShipException if nothing can be sent at all
     */
    void send(List<Batch> batches) throws ShipException, InterruptedException {
        List<Message> unsent = new ArrayList<>();
        for (Batch batch : batches) {
            unsent.addAll(messages(batch));
        }
        while (!unsent.isEmpty()) {
            List<Message> smaller = new ArrayList<>();
            for (List<Message> pack : MessagePacks.of(unsent, Message::body)) {
                List<StepQueue.Answer> answers =
                        queue.send(pack.stream().map(Message::body).toList());
                for (int i = 0; i < pack.size(); i++) {
                    smaller.addAll(handleResult(pack.get(i), answers.get(i)));
                }
            }
            unsent = smaller;
        }
    }

    /** The messages of a batch after its uploads; none if these failed, or if there is nothing to send. */
    private List<Message> messages(Batch batch) throws InterruptedException {
        if (failures.isLeftOut(batch.task())) {
            return List.of();
        }
        try {
            List<Message> messages = split(batch, batch.records(uploads));
            batch.awaitAnswers(messages.size());
            addIfDelivered(batch);
            return messages;
        } catch (ShipException e) {
            failures.block(batch.task(), e);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            failures.fail(batch.task(), e);
        }
        return List.of();
    }

    /** One message, or more if the records, which now name their screenshots, are too large for one. */
    private static List<Message> split(Batch batch, List<Batch.Sendable> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        Message whole = Message.of(batch, records);
        if (records.size() == 1 || whole.body().text().length() <= PayloadShipper.MAX_BODY_BYTES) {
            return List.of(whole);
        }
        int half = records.size() / 2;
        List<Message> parts = new ArrayList<>(split(batch, records.subList(0, half)));
        parts.addAll(split(batch, records.subList(half, records.size())));
        return parts;
    }

    /** Returns what to send instead: of a refused message each record alone, to find the bad one. */
    private List<Message> handleResult(Message message, StepQueue.Answer answer) {
        Batch batch = message.batch();
        List<Message> instead = List.of();
        if (answer instanceof StepQueue.Answer.Later later) {
            failures.block(batch.task(), later.reason());
            return instead;
        } else if (answer instanceof StepQueue.Answer.Accepted) {
            counts.sent(
                    message.records().size(),
                    message.records().stream().filter(Batch.Sendable::isStep).count());
        } else if (answer instanceof StepQueue.Answer.Refused refused) {
            if (message.records().size() == 1) {
                batch.reject(message.records().get(0).line(), refused.reason());
            } else {
                instead = message.records().stream()
                        .map(record -> Message.of(batch, List.of(record)))
                        .toList();
            }
        }
        batch.awaitAnswers(instead.size() - 1);
        addIfDelivered(batch);
        return instead;
    }

    private static void addIfDelivered(Batch batch) {
        if (batch.isDelivered()) {
            batch.task().delivered(batch);
        }
    }
}
