package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of a handler with a thread of its own, which serves one invocation at a time. */
final class ExecutionEnvironment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutionEnvironment.class);

    private static final int USUAL_ANSWER_BYTES = 64 * 1024;

    private final String name;
    private final RequestStreamHandler handler;
    private final ExecutorService thread;

    /** @param name the function's */
    ExecutionEnvironment(RequestStreamHandler handler, String name) {
        this.name = name;
        this.handler = handler;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Event in, answer out, both as JSON; fails with what the handler throws. */
    CompletableFuture<byte[]> invoke(byte[] event, Context context) {
        return CompletableFuture.supplyAsync(
                () -> {
                    ByteArrayOutputStream answer = new ByteArrayOutputStream(USUAL_ANSWER_BYTES);
                    try {
                        handler.handleRequest(new ByteArrayInputStream(event), answer, context);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                    return answer.toByteArray();
                },
                thread);
    }

    /** Interrupts what still runs and closes the handler if it can be closed. */
    @Override
    public void close() {
        thread.shutdownNow();
        if (handler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("{} did not close: {}", name, e.toString());
            }
        }
    }
}
