package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpEncoder;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
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
    private final FailingTasks failing = new FailingTasks();
    private final ShipCounts counts = new ShipCounts();

    private Shipper(
            Outbox outbox,
            FolderLock lock,
            ScreenshotBucket bucket,
            StepQueue queue,
            ScreenshotShipper screenshots,
            Clock clock) {
        this.outbox = outbox;
        this.lock = lock;
        this.bucket = bucket;
        this.queue = queue;
        this.screenshots = screenshots;
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
        Optional<FolderLock> lock = outbox.tryLock();
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            AwsClients clients = new AwsClients(settings);
            ScreenshotBucket bucket = new ScreenshotBucket(settings, clients.s3());
            return Optional.of(new Shipper(
                    outbox,
                    lock.get(),
                    bucket,
                    new StepQueue(settings, clients.sqs()),
                    new ScreenshotShipper(bucket, new WebpEncoder(settings.webp()), sender(settings, clients)),
                    clock));
        } catch (ShipException | RuntimeException e) {
            lock.get().close();
            throw e;
        }
    }

    /**
     * Ships all that is written by now. A task whose folder cannot be read or written holds up no other; called again and
     * again, this tries it again after a second, then more and more seldom, up to once a minute.
     *
     * @throws ShipException if the queue or the bucket cannot be used; what was not delivered stays in the outbox
     * @throws IOException if the folders that it names are not shipped; all others are
     */
    public void shipAll() throws IOException, ShipException {
        List<OutboxTask> tasks = outbox.tasks();
        for (OutboxTask task : tasks) {
            if (failing.isDue(task, clock.instant())) {
                try {
                    ship(task);
                    failing.remove(task);
                } catch (IOException | RuntimeException e) { // what nobody thought of costs its task alone
                    failing.add(task, e, clock.instant());
                }
            }
        }
        failing.throwIfAnyOf(tasks);
    }

    /** Ships what is written by now of one task; nothing happens if its folder is gone, as it is once it is delivered. */
    public void ship(UUID taskId) throws IOException, ShipException {
        Optional<OutboxTask> task = outbox.task(taskId);
        if (task.isPresent()) {
            ship(task.get());
        }
    }

    /** The {@code aws:userid} under which it stores screenshots: it must be that of the credentials, and be registered. */
    public String sender() {
        return screenshots.sender();
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
        deliver(task);
        boolean idle = task.lastWritten().isBefore(clock.instant().minus(ABANDONED_AFTER));
        // The writer's lock is the last thing to look at: whoever looks holds it for a moment.
        if ((idle || endsWithItsEnd(task)) && !task.hasWriter()) {
            // Once there is no writer, nothing comes after what is there now.
            deliver(task);
            finish(task, idle);
        }
    }

    private void deliver(OutboxTask task) throws IOException, ShipException {
        new TaskShipper(task, screenshots, queue, counts).ship();
    }

    private void finish(OutboxTask task, boolean idle) throws IOException, ShipException {
        boolean ended = endsWithItsEnd(task);
        boolean whole = task.shipped() == task.size();
        if (!idle && !(ended && whole)) {
            return;
        }
        if (!ended && task.size() > 0) {
            abandonUnlessEnded(task);
        }
        if (!whole) {
            task.reject(task.unfinishedLine(task.shipped()));
            counts.rejected(task.id(), "its writer died within it");
        }
        task.remove();
        counts.taskDelivered();
    }

    /**
     * The time is the writer's latest, not the clock's: told again after a crash, it is the same record. Nor is it that of the
     * last line: a step that is later than the end would show that the agent lives.
     */
    private void abandonUnlessEnded(OutboxTask task) throws IOException, ShipException {
        TaskSoFar soFar = TaskSoFar.of(task);
        if (soFar.ended()) {
            return;
        }
        Instant time = soFar.latest() == null ? task.lastWritten() : soFar.latest();
        TaskEnded record = new TaskEnded(
                task.id(), time, TaskStatus.ABANDONED, Ending.ABANDONED, "the agent went away", null, Map.of());
        queue.send(MessageCodec.encode(List.of(RecordCodec.encode(record))));
        counts.sent(1);
    }

    private static boolean endsWithItsEnd(OutboxTask task) throws IOException {
        Optional<OutboxLine> last = task.lastLine();
        return last.isPresent() && TaskSoFar.recordOf(task, last.get()) instanceof TaskEnded;
    }

    private static String sender(ShipperSettings settings, AwsClients clients) throws ShipException {
        Optional<String> set = settings.sender();
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
