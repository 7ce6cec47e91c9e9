package dev.steptrail.shipper.aws;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Makes calls over HTTP, each of which ends, whatever answers: of an answer without end 1 MiB is read, and a call as a whole has
 * a minute, and longer for what it uploads. To interrupt its thread ends it too. Thread-safe; idle, it has no thread.
 */
public final class HttpCalls implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** What the slowest line that is of use carries. */
    private static final int UPLOADED_BYTES_A_SECOND = 32 * 1024;

    /** No answer that is looked at is longer. */
    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private static final long LOOK_MILLIS = 100;
    private static final long IDLE_SECONDS = 10;

    private final SdkHttpClient http;
    private final Duration longest;
    private final ScheduledThreadPoolExecutor watchdog;

    /** Calls over the connections of {@code http}, which are closed with this. */
    public HttpCalls(SdkHttpClient http) {
        this(http, LONGEST);
    }

    HttpCalls(SdkHttpClient http, Duration longest) {
        this.http = http;
        this.longest = longest;
        watchdog = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "steptrail-calls");
            thread.setDaemon(true);
            return thread;
        });
        watchdog.setRemoveOnCancelPolicy(true);
        watchdog.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        watchdog.allowCoreThreadTimeOut(true);
    }

    /**
     * What is answered, be it a refusal.
     *
     * @throws CallEndedException if it took too long, or its thread was interrupted
     * @throws IOException if there is no answer
     */
    AwsAnswer call(SignedRequest signed, int bodyBytes) throws IOException {
        ExecutableHttpRequest call = http.prepareRequest(HttpExecuteRequest.builder()
                .request(signed.request())
                .contentStreamProvider(signed.payload().orElse(null))
                .build());
        CallWatch watch = new CallWatch(call, longest.plusSeconds(bodyBytes / UPLOADED_BYTES_A_SECOND));
        Future<?> watching = watchdog.scheduleWithFixedDelay(watch, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            HttpExecuteResponse answer = call.call();
            return new AwsAnswer(answer.httpResponse(), content(answer.responseBody()));
        } catch (IOException | RuntimeException e) {
            watch.throwIfEnded(e);
            throw e;
        } finally {
            watching.cancel(false);
        }
    }

    private static byte[] content(Optional<AbortableInputStream> answered) throws IOException {
        if (answered.isEmpty()) {
            return new byte[0];
        }
        AbortableInputStream body = answered.get();
        boolean ended = false;
        try {
            byte[] read = body.readNBytes(MAX_ANSWER_BYTES + 1);
            ended = read.length <= MAX_ANSWER_BYTES;
            return ended ? read : Arrays.copyOf(read, MAX_ANSWER_BYTES);
        } finally {
            if (ended) {
                body.close();
            } else {
                body.abort(); // to close it would be to read the rest
            }
        }
    }

    @Override
    public void close() {
        http.close();
        watchdog.shutdownNow();
    }
}
