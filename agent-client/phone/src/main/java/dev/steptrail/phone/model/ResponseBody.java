package dev.steptrail.phone.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an HTTP response with a deadline, and can be interrupted: the JDK's own stream ignores interrupts
 * and has no read timeout. The server sends no faster than the body is read. For one reading thread.
 */
final class ResponseBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private static final Object END = new Object();

    /** Lists of buffers, a {@link Throwable} or {@link #END}. */
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    private final long maxBytes;
    private long bytes;
    private volatile Flow.@Nullable Subscription subscription;

    /** @param maxBytes the maximum size of the body */
    ResponseBody(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Returns the next bytes; null at the end.
     *
     * @throws TimeoutException if none arrive until {@code deadlineNanos}
     * @throws IOException if the connection fails, or the body is larger than its maximum
     */
    byte @Nullable [] next(long deadlineNanos) throws IOException, InterruptedException, TimeoutException {
        Object event = received.poll(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (event == null) {
            throw new TimeoutException();
        } else if (event == END) {
            return null;
        } else if (event instanceof Throwable failure) {
            throw new IOException("the connection was lost: " + failure.getMessage(), failure);
        }
        byte[] next = concatenate((List<?>) event);
        bytes += next.length;
        if (bytes > maxBytes) {
            throw new InvalidReplyException("it has more than " + maxBytes + " bytes");
        }
        request();
        return next;
    }

    /** Returns what arrives until the end of the body or {@code timeout}. */
    byte[] readPrefix(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream prefix = new ByteArrayOutputStream();
        try {
            for (byte[] next = next(deadline); next != null; next = next(deadline)) {
                prefix.writeBytes(next);
            }
        } catch (IOException | TimeoutException incomplete) {
            // What has arrived is enough for an error message.
        }
        return prefix.toByteArray();
    }

    private void request() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
        opened.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        received.add(buffers);
    }

    @Override
    public void onError(Throwable failure) {
        received.add(failure);
    }

    @Override
    public void onComplete() {
        received.add(END);
    }

    /** Closes the connection, unless the body was read to its end. */
    @Override
    public void close() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    private static byte[] concatenate(List<?> buffers) {
        int size = buffers.stream()
                .mapToInt(buffer -> ((ByteBuffer) buffer).remaining())
                .sum();
        ByteBuffer all = ByteBuffer.allocate(size);
        buffers.forEach(buffer -> all.put((ByteBuffer) buffer));
        return all.array();
    }
}
