package dev.steptrail.shipper;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.outbox.FolderLock;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxLine;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Delivers what an outbox holds: screenshots to S3, steps to SQS, each record at least once. A task's folder goes when the
 * task has ended and all of it is delivered.
 *
 * <p>Not thread-safe: one thread ships. While a shipper is open it holds the outbox's lock, so there is one an outbox.
 */
public final class Shipper implements AutoCloseable {
    /** A task whose writer is gone for so long will not go on. */
    private static final Duration ABANDONED_AFTER = Duration.ofHours(6);

    private final Outbox outbox;
    private final FolderLock lock;
    private final ScreenshotBucket bucket;
    private final StepQueue queue;
    private final ScreenshotShipper screenshots;
    private final Clock clock;
    private final ShipCounts counts = new ShipCounts();

    private Shipper(
            Outbox outbox, FolderLock lock, ScreenshotBucket bucket, StepQueue queue, String sender, Clock clock) {
        this.outbox = outbox;
        this.lock = lock;
        this.bucket = bucket;
        this.queue = queue;
        this.screenshots = new ScreenshotShipper(bucket, new WebpEncoder(), sender);
        this.clock = clock;
    }

    /**
     * Opens the shipper of {@code outbox}; empty if another one is at work there.
     *
     * @throws SettingsException if a setting is missing or malformed
     * @throws ShipException if the sender's id is not set and cannot be learnt from STS
     */
    public static Optional<Shipper> open(Outbox outbox, ShipperSettings settings) throws IOException, ShipException {
        return open(outbox, settings, Clock.systemUTC());
    }

    static Optional<Shipper> open(Outbox outbox, ShipperSettings settings, Clock clock)
            throws IOException, ShipException {
        AwsClients clients = new AwsClients(settings);
        String sender = sender(settings, clients);
        Optional<FolderLock> lock = outbox.tryLock();
        return lock.map(held -> new Shipper(
                outbox,
                held,
                new ScreenshotBucket(settings, clients.s3()),
                new StepQueue(settings, clients.sqs()),
                sender,
                clock));
    }

    /**
     * Ships all that is written by now.
     *
     * @throws ShipException if the queue or the bucket cannot be used; what was not delivered stays in the outbox
     */
    public void shipAll() throws IOException, ShipException {
        for (OutboxTask task : outbox.tasks()) {
            ship(task);
        }
    }

    /** Ships what is written by now of one task; nothing happens if its folder is gone, as it is once it is delivered. */
    public void ship(UUID taskId) throws IOException, ShipException {
        Optional<OutboxTask> task = outbox.task(taskId);
        if (task.isPresent()) {
            ship(task.get());
        }
    }

    /** What this shipper has done so far. */
    public ShipCounts counts() {
        return counts;
    }

    /** Ends the work and gives the outbox free. */
    @Override
    public void close() throws IOException {
        try (lock) {
            bucket.close();
            queue.close();
        }
    }

    private void ship(OutboxTask task) throws IOException, ShipException {
        new TaskShipper(task, screenshots, queue, counts).ship();
        // In this order: once there is no writer, nothing comes after what is there now.
        if (!task.hasWriter()) {
            finish(task);
        }
    }

    private void finish(OutboxTask task) throws IOException, ShipException {
        new TaskShipper(task, screenshots, queue, counts).ship();
        Optional<StepRecord> last = lastRecord(task);
        boolean whole = task.shipped() == task.size();
        if (whole && last.isPresent() && last.get() instanceof TaskEnded) {
            task.remove();
            counts.taskDelivered();
        } else if (task.lastWritten().isBefore(clock.instant().minus(ABANDONED_AFTER))) {
            abandon(task, last);
        }
    }

    /** The time is the writer's last, not the clock's: told again after a crash, it is the same record. */
    private void abandon(OutboxTask task, Optional<StepRecord> last) throws IOException, ShipException {
        if (task.shipped() < task.size()) {
            OutboxLine unfinished = task.unfinishedLine(task.shipped());
            task.reject(unfinished);
            counts.rejected(task.id(), "its writer died within it");
        }
        if (last.isPresent()) {
            Instant ended = last.get().timestamp();
            TaskEnded record = new TaskEnded(
                    task.id(), ended, TaskStatus.ABANDONED, Ending.ABANDONED, "the agent went away", null, Map.of());
            queue.send(MessageCodec.encode(List.of(RecordCodec.encode(record))));
            counts.sent(1);
        }
        task.remove();
        counts.taskDelivered();
    }

    private static Optional<StepRecord> lastRecord(OutboxTask task) throws IOException {
        Optional<OutboxLine> line = task.lastLine();
        try {
            return line.isEmpty()
                    ? Optional.empty()
                    : Optional.of(RecordCodec.decode(line.get().json()));
        } catch (InvalidRecordException rejectedWhenItWasShipped) {
            return Optional.empty();
        }
    }

    private static String sender(ShipperSettings settings, AwsClients clients) throws ShipException {
        Optional<String> set = settings.get("STEPTRAIL_SENDER");
        if (set.isPresent()) {
            return set.get();
        }
        try (StsClient sts = clients.sts()) {
            return sts.getCallerIdentity().userId();
        } catch (SdkException e) {
            throw AwsErrors.ofIdentity(e);
        }
    }
}
