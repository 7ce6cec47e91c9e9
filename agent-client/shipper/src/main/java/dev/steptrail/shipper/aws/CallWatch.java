package dev.steptrail.shipper.aws;

import java.time.Duration;
import software.amazon.awssdk.http.ExecutableHttpRequest;

/** Looks after one call of the thread that makes this, and ends it once its time is over or that thread is interrupted. */
final class CallWatch implements Runnable {
    private final ExecutableHttpRequest call;
    private final Duration longest;
    private final Thread caller = Thread.currentThread();
    private final long start = System.nanoTime();
    private volatile String ended = "";

    CallWatch(ExecutableHttpRequest call, Duration longest) {
        this.call = call;
        this.longest = longest;
    }

    /** One look. */
    @Override
    public void run() {
        if (caller.isInterrupted()) {
            end("interrupted during a call");
        } else if (System.nanoTime() - start >= longest.toNanos()) {
            end("no whole answer within " + longest.toSeconds() + " s");
        }
    }

    /** A blocked read heeds no interrupt, and a time-out of the connection none that now and then sends a byte. */
    private void end(String reason) {
        ended = reason;
        call.abort();
    }

    /** Tells that the call failed because it was ended, if it was. */
    void throwIfEnded(Exception failure) throws CallEndedException {
        if (!ended.isEmpty()) {
            throw new CallEndedException(ended, failure);
        }
    }
}
