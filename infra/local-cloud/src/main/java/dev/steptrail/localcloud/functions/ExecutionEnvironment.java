package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of a handler with a thread of its own, which serves one invocation at a time. */
final class ExecutionEnvironment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutionEnvironment.class);

    private static final int USUAL_ANSWER_BYTES = 64 * 1024;

    private final HandlerType type;
    private final RequestHandler<Object, Object> handler;
    private final ExecutorService thread;

    ExecutionEnvironment(HandlerType type, RequestHandler<Object, Object> handler, String name) {
        this.type = type;
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
                    Object input = type.input().fromJson(new ByteArrayInputStream(event));
                    Object answer = handler.handleRequest(input, context);
                    ByteArrayOutputStream json = new ByteArrayOutputStream(USUAL_ANSWER_BYTES);
                    type.output().toJson(answer, json);
                    return json.toByteArray();
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
                LOG.warn("{} did not close: {}", handler.getClass().getName(), e.toString());
            }
        }
    }
}
