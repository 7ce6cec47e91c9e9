package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.LargeValues;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Records verdicts of any tasks into a separate folder. The folder of a judged task has another writer, or is already
 * delivered and deleted.
 *
 * <p>The first verdict creates the folder. If it was removed, the next verdict creates another one. Verdicts count
 * towards the outbox's {@link OutboxQuota}, which they may exceed.
 *
 * <p>Not thread-safe.
 */
public final class VerdictRecorder implements Closeable {
    private final Outbox outbox;
    private final OutboxQuota quota;
    private final Clock clock;
    private @Nullable TaskWriter writer;

    /** @param clock the clock for the name of the folder, a UUID of version 7 */
    public VerdictRecorder(Outbox outbox, OutboxQuota quota, Clock clock) {
        this.outbox = outbox;
        this.quota = quota;
        this.clock = clock;
    }

    /**
     * Writes a verdict, shortened if it exceeds the maximum record size.
     *
     * @throws IllegalArgumentException if the record is too long because of unknown fields
     * @throws IOException if the verdict could not be written
     */
    public void add(Verdict verdict) throws IOException {
        quota.add(writer().append(LargeValues.omit(verdict, OutboxLine.MAX_BYTES)));
    }

    private TaskWriter writer() throws IOException {
        if (writer != null && !writer.exists()) {
            outbox.createIfMissing();
            close();
        }
        TaskWriter open = writer;
        if (open == null) {
            open = outbox.newTask(UuidV7.at(clock.instant()));
            writer = open;
            open.releaseReserve();
        }
        return open;
    }

    /** Forces all verdicts to the disk. */
    public void sync() throws IOException {
        if (writer != null) {
            writer.sync();
        }
    }

    /** Releases the folder. The shipper deletes it once all verdicts are delivered. */
    @Override
    public void close() throws IOException {
        TaskWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }
}
