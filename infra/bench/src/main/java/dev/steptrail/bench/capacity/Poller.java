package dev.steptrail.bench.capacity;

import java.util.Arrays;

/** One of those that gather a batch and invoke the function with it, then wait until it returns. */
final class Poller {
    private final int[] batch;
    private int size;
    private int steps;
    private long due = Long.MAX_VALUE;
    private long nextPoll;
    private boolean invoking;
    private boolean failing;

    Poller(int batchSize) {
        this.batch = new int[batchSize];
    }

    int room() {
        return invoking ? 0 : batch.length - size;
    }

    /** When it may receive something; never while it waits for an invocation. */
    long ready() {
        return room() > 0 ? nextPoll : Long.MAX_VALUE;
    }

    /** Has asked the queue, and may ask again then. */
    void polled(long next) {
        nextPoll = next;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isInvoking() {
        return invoking;
    }

    /** Whether what it waits for now will fail. */
    boolean isFailing() {
        return failing;
    }

    /** When its window ends, or its invocation; never while it is idle. */
    long due() {
        return due;
    }

    int size() {
        return size;
    }

    int steps() {
        return steps;
    }

    void add(int message, int itsSteps) {
        batch[size++] = message;
        steps += itsSteps;
    }

    void gatherUntil(long end) {
        due = end;
    }

    void invokeUntil(long end, boolean fails) {
        invoking = true;
        failing = fails;
        due = end;
    }

    /** What it has in hand, which it puts down. */
    int[] release() {
        int[] released = Arrays.copyOf(batch, size);
        size = 0;
        steps = 0;
        due = Long.MAX_VALUE;
        invoking = false;
        failing = false;
        return released;
    }
}
