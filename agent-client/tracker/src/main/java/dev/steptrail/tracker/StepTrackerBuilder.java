package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds a {@link StepTracker}. All settings are optional. Not thread-safe. */
public final class StepTrackerBuilder {
    private final Path folder;

    @Nullable
    String agent;

    @Nullable
    String model;

    @Nullable
    String deviceId;

    int maxQueuedSteps = 10_000;
    long maxQueuedBytes = 64L * 1024 * 1024;
    long maxOutboxBytes = 2L * 1024 * 1024 * 1024;
    Durability durability = Durability.QUEUED;
    Duration durabilityTimeout = Duration.ofSeconds(5);
    Duration closeTimeout = Duration.ofSeconds(5);
    boolean recordsModelCalls;
    boolean shipping = true;
    Duration shippingTimeout = Duration.ofSeconds(5);

    @Nullable
    ScreenshotRedactor screenshotRedactor;

    @Nullable
    UnaryOperator<String> textRedactor;

    /** The time without losses after which the end of losses is logged. */
    Duration quietPeriod = Duration.ofSeconds(10);

    StepTrackerBuilder(Path folder) {
        this.folder = folder;
    }

    /** Sets the name of the agent program, such as {@code Open-AutoGLM}. */
    public StepTrackerBuilder agent(@Nullable String agent) {
        this.agent = agent;
        return this;
    }

    /** Sets the name of the model that the agent uses. */
    public StepTrackerBuilder model(@Nullable String model) {
        this.model = model;
        return this;
    }

    /** Sets the default device id of tasks, such as the phone's adb serial number. */
    public StepTrackerBuilder deviceId(@Nullable String deviceId) {
        this.deviceId = deviceId;
        return this;
    }

    /**
     * Sets how many steps may wait for the writer thread, 1 to 1,000,000; further steps are dropped. Default 10,000.
     * The tracker allocates 8 bytes for each when it is built.
     */
    public StepTrackerBuilder maxQueuedSteps(int steps) {
        require(steps >= 1 && steps <= 1_000_000, "maxQueuedSteps must be 1 to 1000000, but is " + steps);
        maxQueuedSteps = steps;
        return this;
    }

    /**
     * Sets how many bytes of screenshots and texts may wait for the writer thread, at least 1 KiB. Default 64 MiB. A
     * step that does not fit is recorded without its screenshots, or dropped if its texts alone do not fit.
     */
    public StepTrackerBuilder maxQueuedBytes(long bytes) {
        require(
                bytes >= 1024 && bytes <= Long.MAX_VALUE / 2,
                "maxQueuedBytes must be 1024 (1 KiB) or more, but is " + bytes);
        maxQueuedBytes = bytes;
        return this;
    }

    /**
     * Sets the maximum size of the outbox, including files of other writers, at least 1 MiB. Default 2 GiB. Near the
     * limit, screenshots are dropped first, then steps. Starts, ends and losses of tasks are always written.
     */
    public StepTrackerBuilder maxOutboxBytes(long bytes) {
        require(bytes >= 1024 * 1024, "maxOutboxBytes must be 1048576 (1 MiB) or more, but is " + bytes);
        maxOutboxBytes = bytes;
        return this;
    }

    /** Sets which failures a recorded step survives. Default {@link Durability#QUEUED}. */
    public StepTrackerBuilder durability(Durability durability) {
        this.durability = Objects.requireNonNull(durability, "durability");
        return this;
    }

    /** Sets how long the agent waits for its {@link Durability}. Default 5 s. Timeouts are counted as unconfirmed. */
    public StepTrackerBuilder durabilityTimeout(Duration timeout) {
        require(timeout.compareTo(Duration.ZERO) > 0, "durabilityTimeout must be positive, but is " + timeout);
        durabilityTimeout = timeout;
        return this;
    }

    /** Sets how long {@link StepTracker#close} waits for the writer thread. Default 5 s. */
    public StepTrackerBuilder closeTimeout(Duration timeout) {
        require(!timeout.isNegative(), "closeTimeout must not be negative, but is " + timeout);
        closeTimeout = timeout;
        return this;
    }

    /** Sets the redactor that selects which regions of screenshots to redact. Default none. */
    public StepTrackerBuilder redactScreenshots(ScreenshotRedactor redactor) {
        screenshotRedactor = Objects.requireNonNull(redactor, "redactor");
        return this;
    }

    /**
     * Sets a function that redacts texts before they are written. Default none. It is called on the writer thread for
     * thinking, error messages, the current app, a task's description and final message, reasons of verdicts, and for
     * the strings and numbers (not keys) in actions, their results, what a model received and returned, and a task's
     * metadata and attributes. A text for which it returns null is omitted. If it throws, the whole field is omitted,
     * listed in {@code withheld_fields}, and counted in {@link TrackerStats#withheldTexts}.
     */
    public StepTrackerBuilder redactTexts(UnaryOperator<String> redactor) {
        textRedactor = Objects.requireNonNull(redactor, "redactor");
        return this;
    }

    /**
     * Sets whether to record what the model of a step received and returned, if the agent provides it. Default false,
     * because these texts are long and contain everything that the agent knows about its user. Tokens are always
     * recorded.
     */
    public StepTrackerBuilder recordModelCalls(boolean enabled) {
        recordsModelCalls = enabled;
        return this;
    }

    /**
     * Sets whether a shipper on the class path ships the outbox from this process, in the background. Default true. The
     * shipper reads its settings from environment variables and logs one line if they are missing. It waits while
     * another process ships the outbox.
     */
    public StepTrackerBuilder shipping(boolean shipping) {
        this.shipping = shipping;
        return this;
    }

    /**
     * Sets how long {@link StepTracker#close} waits for the shipper in this process to deliver. Default 5 s.
     * Undelivered steps stay in the outbox for the next shipper.
     */
    public StepTrackerBuilder shippingTimeout(Duration timeout) {
        require(!timeout.isNegative(), "shippingTimeout must not be negative, but is " + timeout);
        shippingTimeout = timeout;
        return this;
    }

    /**
     * Creates the tracker and starts its writer thread. Logs a warning if it creates an outbox with a relative path,
     * because a program that starts in another working directory then records into another outbox.
     *
     * @throws UncheckedIOException if the outbox cannot be created or written to
     */
    public StepTracker build() {
        boolean isNew = !folder.isAbsolute() && Files.notExists(folder);
        try {
            Outbox outbox = Outbox.open(folder);
            if (isNew) {
                TrackerLog.warn("Created the outbox " + folder.toAbsolutePath() + "; ship this folder");
            }
            return new StepTracker(this, outbox);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static void require(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }
}
