package dev.steptrail.bench.capacity;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A standard queue of SQS: what is received is hidden for a while, and comes back unless it is deleted. Whatever became visible first is
 * received first, which SQS only tries to do.
 */
final class SimulatedQueue {
    /**
     * So many messages may be received and not yet deleted or back.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html">Message quotas</a>
     */
    static final int MOST_IN_FLIGHT = 120_000;

    static final int NOTHING = -1;

    private final List<Message> messages;
    private final long visibility;
    private final int maxReceives;
    private final int[] receives;
    private final long[] receivedAt;
    private final boolean[] gone;
    private final PriorityQueue<Left> hidden = new PriorityQueue<>(Comparator.comparingLong(Left::until));
    private final ArrayDeque<Left> back = new ArrayDeque<>();
    private int fresh;
    private int arrived;
    private int oldest;
    private int held;
    private int goneCount;
    private int deadLetters;
    private int mostReceives;

    /** A message that was received in vain, and is hidden until its time has come. */
    private record Left(long until, int message) {}

    /** @param messages in the order in which they are sent */
    SimulatedQueue(List<Message> messages, SourceSettings settings) {
        this.messages = messages;
        this.visibility = Message.micros(settings.visibility());
        this.maxReceives = settings.maxReceives();
        this.receives = new int[messages.size()];
        this.receivedAt = new long[messages.size()];
        this.gone = new boolean[messages.size()];
    }

    /** Receives one, or {@link #NOTHING}. */
    int receive(long now) {
        surface(now);
        while (held + hidden.size() < MOST_IN_FLIGHT && nextVisible() <= now) {
            int message = next();
            if (receives[message] == maxReceives) {
                deadLetters++;
                remove(message);
                continue;
            }
            receives[message]++;
            mostReceives = Math.max(mostReceives, receives[message]);
            receivedAt[message] = now;
            held++;
            return message;
        }
        return NOTHING;
    }

    private void surface(long now) {
        for (Left left = hidden.peek(); left != null && left.until() <= now; left = hidden.peek()) {
            back.add(hidden.remove());
        }
    }

    private int next() {
        Left left = back.peek();
        if (left != null && left.until() <= freshAt()) {
            return back.remove().message();
        }
        return fresh++;
    }

    private long freshAt() {
        return fresh < messages.size() ? messages.get(fresh).sent() : Long.MAX_VALUE;
    }

    /** When there is something to be received, unless too much is in flight; it may have been before now. */
    long nextVisible() {
        return Math.min(freshAt(), Math.min(until(back.peek()), until(hidden.peek())));
    }

    /** When the next that was left becomes visible. */
    long nextBack() {
        return until(hidden.peek());
    }

    private static long until(@Nullable Left left) {
        return left == null ? Long.MAX_VALUE : left.until();
    }

    void delete(int message) {
        held--;
        remove(message);
    }

    /** Lets a message that was received become visible when its time has come. */
    void leave(int message) {
        held--;
        hidden.add(new Left(receivedAt[message] + visibility, message));
    }

    private void remove(int message) {
        gone[message] = true;
        goneCount++;
    }

    boolean isDone() {
        return goneCount == messages.size();
    }

    int deadLetters() {
        return deadLetters;
    }

    int mostReceives() {
        return mostReceives;
    }

    /** How many have been sent by now and are neither deleted nor dead letters. */
    int backlog(long now) {
        while (arrived < messages.size() && messages.get(arrived).sent() <= now) {
            arrived++;
        }
        return arrived - goneCount;
    }

    /** How many of them nobody else can receive now. */
    int inFlight(long now) {
        surface(now);
        return held + hidden.size();
    }

    /** How long ago the oldest of the backlog was sent; 0 where there is none. */
    long oldestAge(long now) {
        while (oldest < messages.size() && gone[oldest]) {
            oldest++;
        }
        return oldest == messages.size()
                ? 0
                : Math.max(0, now - messages.get(oldest).sent());
    }
}
