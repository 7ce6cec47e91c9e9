package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Delivers an outbox: screenshots to S3, steps to SQS, each record at least once. A task's folder is removed when the
 * task has ended and is delivered.
 *
 * <p>Not thread-safe. An open shipper holds the outbox's lock, so that each outbox has one shipper.
 */
public final class Shipper implements AutoCloseable {
    /** The maximum duration of a pass of {@link #shipDue}. Each pass lists the tasks again. */
    private static final Duration MAX_PASS_DURATION = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final FolderLock lock;
    private final ShipperSettings settings;
    private final AwsClients clients;
    private final StepQueue queue;
    private final Clock clock;
    private final BucketUploads uploads;
    private final ShipCounts counts = new ShipCounts();
    private final Map<UUID, TaskShipper> tasks = new HashMap<>();
    private final TaskFailures failures;
    private final Delivery delivery;
    private final TaskFinisher finisher;
    private final StateReporter state;
    private @Nullable String sender;

    private Shipper(Outbox outbox, FolderLock lock, ShipperSettings settings, WebpEncoder encoder, Clock clock)
            throws IOException {
        this.outbox = outbox;
        this.lock = lock;
        this.settings = settings;
        this.clock = clock;
        clients = new AwsClients(settings);
        queue = new StepQueue(settings, clients);
        uploads = new BucketUploads(new ScreenshotBucket(settings, clients), encoder);
        failures = new TaskFailures(clock);
        delivery = new Delivery(queue, uploads, counts, clock, failures);
        finisher = new TaskFinisher(queue, counts, clock, failures);
        state = new StateReporter(outbox, counts, clock);
    }

    /**
     * Opens the shipper of {@code outbox}; returns empty if another one holds its lock.
     *
     * @throws SettingsException if a setting is missing or malformed
     */
    public static Optional<Shipper> open(Outbox outbox, ShipperSettings settings) throws IOException {
        return open(outbox, settings, Clock.systemUTC());
    }

    static Optional<Shipper> open(Outbox outbox, ShipperSettings settings, Clock clock) throws IOException {
        return open(outbox, settings, new WebpEncoder(settings.webp()), clock);
    }

    static Optional<Shipper> open(Outbox outbox, ShipperSettings settings, WebpEncoder encoder, Clock clock)
            throws IOException {
        Optional<FolderLock> lock = outbox.tryLock();
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Shipper(outbox, lock.get(), settings, encoder, clock));
        } catch (Throwable e) {
            lock.get().close();
            throw e;
        }
    }

    /**
     * Ships everything that has been written so far. A task whose folder cannot be read or written does not delay
     * others; later calls retry it with exponential back-off, from 1 s to a minute.
     *
     * @throws ShipException if the queue or the bucket cannot be used; undelivered lines stay in the outbox
     * @throws IOException if some folders cannot be shipped; the message names them. All others are shipped
     */
    public void shipAll() throws IOException, ShipException {
        runPass(true, Instant.MAX);
    }

    /**
     * Ships the lines that are due, for at most 5 s.
     *
     * @return whether all due lines are shipped
     * @throws ShipException as {@link #shipAll}
     * @throws IOException as {@link #shipAll}
     */
    boolean shipDue() throws IOException, ShipException {
        return runPass(false, clock.instant().plus(MAX_PASS_DURATION));
    }

    private boolean runPass(boolean flush, Instant deadline) throws IOException, ShipException {
        List<OutboxTask> folders = outbox.tasks();
        tasks.keySet().retainAll(folders.stream().map(OutboxTask::id).toList());
        List<TaskShipper> due =
                folders.stream().filter(failures::isDue).map(this::shipperOf).toList();
        boolean done = deliver(due, flush, deadline);
        try {
            failures.endPass(due, folders);
        } catch (IOException e) {
            state.reportProblem(ShipProblem.FOLDERS, String.valueOf(e.getMessage()));
            throw e;
        }
        state.reportSuccess();
        return done;
    }

    /**
     * Ships everything that has been written so far of one task. Does nothing if the folder does not exist, for example
     * because the task is already delivered.
     */
    public void ship(UUID taskId) throws IOException, ShipException {
        Optional<OutboxTask> folder = outbox.task(taskId);
        if (folder.isEmpty()) {
            return;
        }
        TaskShipper task = shipperOf(folder.get());
        deliver(List.of(task), true, Instant.MAX);
        state.reportSuccess();
        Throwable failure = failures.failure(task).orElse(null);
        if (failure != null) {
            throw failure instanceof IOException e ? e : new IOException(failure.toString(), failure);
        }
    }

    /**
     * Returns the {@code aws:userid} under which the shipper stores screenshots. It must match the credentials, and an
     * admin must have registered it.
     *
     * @throws ShipException if {@code STEPTRAIL_SENDER} is not set and STS cannot provide the id
     */
    public String sender() throws ShipException {
        if (sender == null) {
            sender = settings.sender().isPresent() ? settings.sender().get() : clients.fetchUserId();
        }
        return sender;
    }

    public ShipCounts counts() {
        return counts;
    }

    /** Stops uploads and releases the outbox's lock. */
    @Override
    public void close() throws IOException {
        try (lock;
                clients) {
            uploads.close();
        }
    }

    private boolean deliver(List<TaskShipper> due, boolean flush, Instant deadline) throws ShipException {
        failures.startPass();
        try {
            state.setSender(sender());
            uploads.startPass(sender());
            Set<TaskShipper> unfinished = new HashSet<>(delivery.run(due, flush, deadline));
            List<TaskShipper> verdicts =
                    due.stream().filter(TaskShipper::isWaitingForTask).toList();
            if (!verdicts.isEmpty()) { // the first message of their tasks may have been sent
                unfinished.addAll(delivery.run(verdicts, flush, deadline));
            }
            for (TaskShipper task : due) {
                if (!unfinished.contains(task)) {
                    finish(task);
                }
            }
            failures.throwIfBlocked();
            return unfinished.isEmpty();
        } catch (ShipException e) {
            if (!Thread.currentThread().isInterrupted()) { // the interrupt may have caused the error
                state.reportProblem(e.problem(), String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (VirtualMachineError e) {
            state.reportProblem(ShipProblem.OTHER, e.toString());
            throw e;
        }
    }

    private void finish(TaskShipper task) throws ShipException {
        try {
            if (!failures.isSkipped(task) && !task.isWaitingForTask() && finisher.isOver(task.task())) {
                // The writer may have appended lines before it stopped.
                delivery.run(List.of(task), true, Instant.MAX);
                if (!failures.isSkipped(task) && !task.isWaitingForTask()) {
                    finisher.finish(task);
                }
            }
        } catch (IOException | RuntimeException | VirtualMachineError e) { // must not affect other tasks
            failures.fail(task, e);
        }
    }

    /** Returns whether the outbox contains the task and nothing of it has been sent. */
    private boolean isUnsent(UUID taskId) {
        try {
            Optional<OutboxTask> task = outbox.task(taskId);
            return task.isPresent() && task.get().shipped() == 0;
        } catch (IOException brokenFolder) { // reported when the task is shipped
            return false;
        }
    }

    private TaskShipper shipperOf(OutboxTask folder) {
        return tasks.computeIfAbsent(folder.id(), id -> new TaskShipper(folder, this::isUnsent));
    }
}
