package dev.steptrail.cli.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** An answer's body, which fails where nothing of it comes for a while: the JDK's client would wait for ever. */
final class PromptStream extends FilterInputStream {
    private static final long IDLE = -1;

    private final long patience;
    private final Executor later;
    private volatile long waitingSince = IDLE;
    private volatile boolean late;
    private volatile boolean closed;

    PromptStream(InputStream body, Duration patience) {
        super(body);
        this.patience = patience.toNanos();
        this.later = CompletableFuture.delayedExecutor(this.patience / 4, TimeUnit.NANOSECONDS);
        later.execute(this::look);
    }

    /** To close the body ends a read that waits for it. */
    private void look() {
        long since = waitingSince;
        if (since != IDLE && now() - since > patience) {
            late = true;
            try {
                in.close();
            } catch (IOException e) {
                return; // whoever reads is told that it is late
            }
        } else if (!closed) {
            later.execute(this::look);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        waitingSince = now();
        try {
            return in.read(into, offset, length);
        } catch (IOException e) {
            throw late
                    ? new HttpTimeoutException("the answer does not go on: try again in a moment")
                    : new IOException("the answer broke off: try again in a moment", e);
        } finally {
            waitingSince = IDLE;
        }
    }

    /** Never {@link #IDLE}. */
    private static long now() {
        return System.nanoTime() & Long.MAX_VALUE;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }
}
