package dev.steptrail.bench.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscArrayQueue;

/** A plain JCTools queue that a thread polls every 100 µs: the lower bound for any hand-off. */
final class MpscRecorder implements Recorder {
    private final MpscArrayQueue<Object> queue = new MpscArrayQueue<>(CAPACITY);
    private final AtomicLong taken = new AtomicLong();
    private final Object ready = new Object();
    private final Thread consumer = new Thread(this::consume, "mpsc");
    private volatile boolean closed;

    MpscRecorder() {
        consumer.setDaemon(true);
        consumer.start();
    }

    private void consume() {
        while (!closed) {
            taken.addAndGet(queue.drain(element -> {}));
            LockSupport.parkNanos(this, 100_000);
        }
    }

    @Override
    public void record() {
        queue.offer(ready);
    }

    @Override
    public void makeAndRecord() {
        queue.offer(new Object());
    }

    @Override
    public long finished() {
        return taken.get();
    }

    @Override
    public void close() {
        closed = true;
    }
}
