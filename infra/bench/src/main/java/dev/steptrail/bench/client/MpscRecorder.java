package dev.steptrail.bench.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;

/** A plain JCTools queue that a thread polls every 100 µs, as a lower bound for the cost of enqueueing. */
final class MpscRecorder implements Recorder {
    private final MpscArrayQueue<Object> queue = new MpscArrayQueue<>(CAPACITY);
    private final AtomicLong consumed = new AtomicLong();
    private final Object prebuilt = new Object();
    private final Thread consumer = new Thread(this::consume, "mpsc");
    private volatile boolean closed;

    MpscRecorder() {
        consumer.setDaemon(true);
        consumer.start();
    }

    private void consume() {
        while (!closed) {
            consumed.addAndGet(queue.drain(element -> {}));
            LockSupport.parkNanos(this, 100_000);
        }
    }

    @Override
    public void record() {
        queue.offer(prebuilt);
    }

    @Override
    public void buildAndRecord() {
        queue.offer(new Object());
    }

    @Override
    public long processedCount() {
        return consumed.get();
    }

    @Override
    public void close() {
        closed = true;
    }
}
