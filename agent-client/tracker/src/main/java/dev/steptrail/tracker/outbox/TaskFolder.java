package dev.steptrail.tracker.outbox;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.ShortenedRecord;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task's folder, however often it must be made: it is made when it is first written to, again and again while that fails,
 * and anew if somebody removed it; what the task has to tell of itself then comes first. A start and an end are shortened where
 * they are too long to be sent: without them there is no task. All that is written is counted as room taken. Not thread-safe.
 */
public final class TaskFolder implements Closeable {
    /** While no step is taken, losses are told no more often: they take room that is kept for them. */
    private static final Duration BETWEEN_TELLINGS = Duration.ofSeconds(5);

    /** One vast step says nothing of the next. */
    private static final int MOST_USUAL_BYTES = 64 * 1024;

    private final Outbox outbox;
    private final OutboxRoom room;
    private final UUID taskId;
    private final Account account;

    private final RecordLine line = new RecordLine();

    private @Nullable TaskWriter writer;
    private int usualStepBytes;
    private boolean startTold;
    private long lossesTold;
    private long nextTelling = System.nanoTime();

    /** What a task has to tell of itself. */
    public interface Account {
        TaskStarted started();

        /** How much is lost of it so far, steps and pictures. */
        long lost();

        /** The same by reason. */
        Losses losses();

        /** Told of each number of bytes that was written or, if negative, taken back. */
        default void wrote(long bytes) {}
    }

    /** Where the pictures of a step go. */
    public interface Frames {
        /**
         * Stores a picture, which the step must then name; it is taken back if the step cannot be written.
         *
         * @throws BrokenImageException if {@code png} is none
         * @throws OutboxFullException if there is no room for it
         * @throws IOException if it could not be written; nothing of it is left
         */
        Frame write(int stepNumber, FrameRole role, byte[] png, boolean sensitive, List<Region> redacted)
                throws IOException;
    }

    /** Makes a step, whose pictures are written first. */
    @FunctionalInterface
    public interface StepMaking {
        Step make(Frames frames);
    }

    public TaskFolder(Outbox outbox, OutboxRoom room, UUID taskId, Account account) {
        this.outbox = outbox;
        this.room = room;
        this.taskId = taskId;
        this.account = account;
    }

    /** Makes the folder and writes the start. */
    public void start() throws IOException {
        writer();
    }

    /**
     * Adds a step, and before it what was lost since that was last told.
     *
     * @throws OutboxFullException if there is no room for a step like the last one, when it is not even made, or for this one
     * @throws IllegalArgumentException if it is longer than any reader takes
     * @throws IOException if it could not be written; nothing of it is left
     */
    public void add(StepMaking making) throws IOException {
        // To make a step's pictures may take long, in vain for one that is refused.
        room.requireForStep(usualStepBytes);
        TaskWriter target = writer();
        List<Frame> frames = new ArrayList<>();
        boolean done = false;
        try {
            Step step = making.make((number, role, png, sensitive, redacted) -> {
                room.requireForPicture(png.length);
                Frame frame = target.writeFrame(number, role, png, sensitive, redacted, null);
                frames.add(frame);
                wrote(png.length);
                return frame;
            });
            RecordLine encoded = line.of(step);
            // Asked first: of steps that find no room there may be many, and losses are not to be told with each.
            room.requireForStep(encoded.jsonBytes());
            tellLosses(target);
            wrote(target.append(encoded));
            usualStepBytes = Math.min(encoded.jsonBytes(), MOST_USUAL_BYTES);
            done = true;
        } finally {
            if (!done) {
                wrote(-target.removeFrames(frames));
            }
        }
    }

    /**
     * Tells what was lost though no step goes with it, so that it is known even if this process is killed.
     *
     * @param atOnce nothing more is to be expected soon; else it is told now and then alone
     */
    public void tellLosses(boolean atOnce) throws IOException {
        if (account.lost() > lossesTold && (atOnce || System.nanoTime() - nextTelling >= 0)) {
            tellLosses(writer());
        }
    }

    /** Adds these losses, whether they have grown or not. */
    public void add(Losses losses) throws IOException {
        tell(losses, writer());
    }

    /** Adds the end, and before it what was lost, in the room that was kept for both. */
    public void end(Supplier<TaskEnded> end) throws IOException {
        TaskWriter target = writer();
        target.useReserve();
        tellLosses(target);
        append(target, ShortenedRecord.of(end.get()));
    }

    /** Forces what was added last, and all before it, to the disk. */
    public void sync() throws IOException {
        if (writer != null) {
            writer.sync();
        }
    }

    /** Leaves the folder as it is. */
    @Override
    public void close() throws IOException {
        TaskWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    private TaskWriter writer() throws IOException {
        if (writer != null && !writer.isThere()) {
            // While this fails the task's folder may come back with the outbox, and is then still this writer's.
            outbox.restore();
            close();
        }
        if (writer == null) {
            writer = outbox.newTask(taskId);
            startTold = false;
            lossesTold = 0;
        }
        if (!startTold) {
            append(writer, ShortenedRecord.of(account.started()));
            startTold = true;
        }
        return writer;
    }

    private void tellLosses(TaskWriter target) throws IOException {
        if (account.lost() > lossesTold) {
            tell(account.losses(), target);
        }
    }

    private void tell(Losses losses, TaskWriter target) throws IOException {
        append(target, losses);
        nextTelling = System.nanoTime() + BETWEEN_TELLINGS.toNanos();
        lossesTold = losses.totalDroppedSteps() + losses.totalDroppedScreenshots();
    }

    private void append(TaskWriter target, StepRecord record) throws IOException {
        wrote(target.append(record));
    }

    private void wrote(long bytes) {
        room.added(bytes);
        account.wrote(bytes);
    }
}
