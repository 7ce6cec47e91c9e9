package dev.steptrail.shipper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Sends the records of batches, and tells each batch what SQS answered. Not thread-safe. */
final class Dispatch {
    private final StepQueue queue;
    private final BucketUploads uploads;
    private final ShipCounts counts;
    private final PassFailures failures;

    Dispatch(StepQueue queue, BucketUploads uploads, ShipCounts counts, PassFailures failures) {
        this.queue = queue;
        this.uploads = uploads;
        this.counts = counts;
        this.failures = failures;
    }

    /**
     * Waits until the pictures of the batches are stored, and sends all their messages together.
     *
     * @throws ShipException if nothing can be sent at all
     */
    void send(List<Batch> batches) throws ShipException, InterruptedException {
        List<Outgoing> left = new ArrayList<>();
        for (Batch batch : batches) {
            left.addAll(messages(batch));
        }
        while (!left.isEmpty()) {
            List<Outgoing> instead = new ArrayList<>();
            for (List<Outgoing> pack : MessagePacks.of(left, Outgoing::body)) {
                List<StepQueue.Answer> answers =
                        queue.send(pack.stream().map(Outgoing::body).toList());
                for (int i = 0; i < pack.size(); i++) {
                    instead.addAll(hear(pack.get(i), answers.get(i)));
                }
            }
            left = instead;
        }
    }

    /** The messages of a batch whose pictures are stored; none if they cannot be, or there is nothing to send. */
    private List<Outgoing> messages(Batch batch) throws InterruptedException {
        if (failures.isLeftOut(batch.task())) {
            return List.of();
        }
        try {
            List<Outgoing> messages = Outgoing.of(batch, batch.records(uploads));
            batch.awaitAnswers(messages.size());
            noteIfDelivered(batch);
            return messages;
        } catch (ShipException e) {
            failures.keep(batch.task(), e);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            failures.fail(batch.task(), e);
        }
        return List.of();
    }

    /** What is to be sent instead of a message: if it is refused, each record in one of its own, to find the bad one. */
    private List<Outgoing> hear(Outgoing message, StepQueue.Answer answer) {
        Batch batch = message.batch();
        List<Outgoing> instead = List.of();
        if (answer instanceof StepQueue.Answer.Later later) {
            failures.keep(batch.task(), later.reason());
            return instead;
        } else if (answer instanceof StepQueue.Answer.Accepted) {
            counts.sent(
                    message.records().size(),
                    message.records().stream().filter(Batch.Sendable::isStep).count());
        } else if (answer instanceof StepQueue.Answer.Refused refused) {
            if (message.records().size() == 1) {
                batch.reject(message.records().get(0).line(), refused.reason());
            } else {
                instead = message.singly();
            }
        }
        batch.awaitAnswers(instead.size() - 1);
        noteIfDelivered(batch);
        return instead;
    }

    private static void noteIfDelivered(Batch batch) {
        if (batch.isDelivered()) {
            batch.task().delivered(batch);
        }
    }
}
