package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link StepTracker}; none is required. Not thread-safe. */
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
    boolean shipping = true;
    Duration shippingTimeout = Duration.ofSeconds(5);

    @Nullable
    ScreenshotRedactor screenshotRedactor;

    @Nullable
    UnaryOperator<String> textRedactor;

    /** How long nothing must have been dropped for dropping to have ended. */
    Duration quietPeriod = Duration.ofSeconds(10);

    StepTrackerBuilder(Path folder) {
        this.folder = folder;
    }

    /** The program that acts, such as {@code Open-AutoGLM}. */
    public StepTrackerBuilder agent(@Nullable String agent) {
        this.agent = agent;
        return this;
    }

    /** The model that decides. */
    public StepTrackerBuilder model(@Nullable String model) {
        this.model = model;
        return this;
    }

    /** The phone, as its driver names it. */
    public StepTrackerBuilder deviceId(@Nullable String deviceId) {
        this.deviceId = deviceId;
        return this;
    }

    /**
     * How many steps may wait for the writer thread, 1 to 1,000,000; more are dropped. Default 10,000. The tracker allocates 8 bytes for each at
     * once.
     */
    public StepTrackerBuilder maxQueuedSteps(int steps) {
        require(steps >= 1 && steps <= 1_000_000, "maxQueuedSteps must be 1 to 1000000, but is " + steps);
        maxQueuedSteps = steps;
        return this;
    }

    /**
     * How many bytes of screenshots and texts may wait for the writer thread, 1 KiB or more, 64 MiB by default. A step beyond
     * that is recorded without its screenshots, or dropped if its texts alone do not fit.
     */
    public StepTrackerBuilder maxQueuedBytes(long bytes) {
        require(
                bytes >= 1024 && bytes <= Long.MAX_VALUE / 2,
                "maxQueuedBytes must be 1024 (1 KiB) or more, but is " + bytes);
        maxQueuedBytes = bytes;
        return this;
    }

    /**
     * How many bytes the outbox may hold with all that others wrote into it, 1 MiB or more, 2 GiB by default. Beyond that new
     * pictures are dropped first, then new steps; starts, ends and losses are always written. A shipper makes room.
     */
    public StepTrackerBuilder maxOutboxBytes(long bytes) {
        require(bytes >= 1024 * 1024, "maxOutboxBytes must be 1048576 (1 MiB) or more, but is " + bytes);
        maxOutboxBytes = bytes;
        return this;
    }

    /** What a step has survived once it is recorded, {@link Durability#QUEUED} by default. */
    public StepTrackerBuilder durability(Durability durability) {
        this.durability = Objects.requireNonNull(durability, "durability");
        return this;
    }

    /** How long the agent waits at most for what {@link Durability} promises, 5 s by default; what is late is counted. */
    public StepTrackerBuilder durabilityTimeout(Duration timeout) {
        require(
                timeout.compareTo(Duration.ZERO) > 0,
                "durabilityTimeout must be longer than nothing, but is " + timeout);
        durabilityTimeout = timeout;
        return this;
    }

    /** How long {@link StepTracker#close} waits for the writer thread, 5 s by default. */
    public StepTrackerBuilder closeTimeout(Duration timeout) {
        require(!timeout.isNegative(), "closeTimeout must not be negative, but is " + timeout);
        closeTimeout = timeout;
        return this;
    }

    /** What says which parts of pictures must not be kept; none by default. */
    public StepTrackerBuilder redactScreenshots(ScreenshotRedactor redactor) {
        screenshotRedactor = Objects.requireNonNull(redactor, "redactor");
        return this;
    }

    /**
     * What is done to texts before they are written; nothing by default. These are thinking, error messages, the strings in
     * actions, their results and a task's metadata (not their keys), a task's description and its last message. Called on the
     * writer thread. A text for which it gives null is left out. Where it throws, the whole field is left out, the record names
     * it in {@code withheld_fields}, and {@link TrackerStats#withheldTexts} counts it.
     */
    public StepTrackerBuilder redactTexts(UnaryOperator<String> redactor) {
        textRedactor = Objects.requireNonNull(redactor, "redactor");
        return this;
    }

    /**
     * Whether a shipper that is on the class path ships the outbox from this process, in the background; true by default. It
     * takes its settings from the environment, says so in one line of the log where they are missing, and stands by
     * while another process ships.
     */
    public StepTrackerBuilder shipping(boolean shipping) {
        this.shipping = shipping;
        return this;
    }

    /**
     * How long {@link StepTracker#close} lets that shipper deliver once all is written, 5 s by default; what it has not
     * delivered by then stays in the outbox for the next one.
     */
    public StepTrackerBuilder shippingTimeout(Duration timeout) {
        require(!timeout.isNegative(), "shippingTimeout must not be negative, but is " + timeout);
        shippingTimeout = timeout;
        return this;
    }

    /**
     * Makes the tracker and starts its writer thread.
     *
     * @throws UncheckedIOException if the outbox cannot be made or written to; the message names it
     */
    public StepTracker build() {
        try {
            return new StepTracker(this, Outbox.in(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static void require(boolean right, String problem) {
        if (!right) {
            throw new IllegalArgumentException(problem);
        }
    }
}
