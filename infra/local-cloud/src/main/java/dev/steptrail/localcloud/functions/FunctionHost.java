package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.api.LambdaContext;
import dev.steptrail.localcloud.template.Template.Function;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one function. Invocations reuse idle execution environments; if none is idle, another one is created, up to the
 * function's reserved concurrency or, if it has none, {@value #DEFAULT_CONCURRENCY}. Thread-safe.
 *
 * <p>Invocations above the reserved concurrency are throttled immediately. Lambda scales a function without one; here,
 * its invocations wait up to 2 s for an environment before they are throttled.
 *
 * <p>An invocation that exceeds the function's timeout fails, and its environment is discarded. Its thread is
 * interrupted; unlike in Lambda it cannot be killed.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>
 */
public final class FunctionHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionHost.class);
    private static final int DEFAULT_CONCURRENCY = 10;
    private static final Duration PERMIT_TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_REQUEST_BYTES = 6 * 1024 * 1024;
    private static final int INITIAL_RESPONSE_BYTES = 64 * 1024;
    private static final int MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100; // as in Lambda's error message

    private final Function function;
    private final HandlerType type;
    private final Map<String, String> variables;
    private final FunctionLog log;
    private final int concurrency;
    private final Duration permitTimeout;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<Environment> idle = new ConcurrentLinkedDeque<>();

    /**
     * Creates a host without execution environments.
     *
     * @param platformVariables environment variables that Lambda sets for every function
     * @throws dev.steptrail.localcloud.template.TemplateException if the handler's class is unsuitable
     */
    public FunctionHost(Function function, Map<String, String> platformVariables) {
        this.function = function;
        this.type = HandlerType.of(function);
        Map<String, String> merged = new HashMap<>(platformVariables);
        merged.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        merged.putAll(function.environment());
        this.variables = Map.copyOf(merged);
        this.log = new FunctionLog(function.id());
        Integer reserved = function.reservedConcurrency();
        this.concurrency = reserved == null ? DEFAULT_CONCURRENCY : reserved;
        this.permitTimeout = reserved == null ? PERMIT_TIMEOUT : Duration.ZERO;
        this.permits = new Semaphore(concurrency, true);
    }

    public Function function() {
        return function;
    }

    /**
     * Runs the function and waits for its response.
     *
     * @param event JSON, at most 6 MiB
     * @param maxWait maximum time to wait; the function continues after that
     * @return JSON, at most 6 MiB
     * @throws InvocationException if there was no response; the cause has been logged
     * @throws TimeoutException if there was no response within {@code maxWait}
     */
    public byte[] invoke(byte[] event, Duration maxWait)
            throws InvocationException, TimeoutException, InterruptedException {
        if (event.length > MAX_REQUEST_BYTES) {
            throw failure("the event has " + event.length + " bytes; Lambda's limit is " + MAX_REQUEST_BYTES);
        }
        try {
            byte[] response = start(event).get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
            if (response.length > MAX_RESPONSE_BYTES) {
                throw failure(
                        "the response has " + response.length + " bytes; Lambda's limit is " + MAX_RESPONSE_BYTES);
            }
            return response;
        } catch (ExecutionException e) {
            throw failure(reason(e.getCause()));
        } catch (TimeoutException e) {
            throw new TimeoutException(function.id() + ": no response within " + maxWait.toSeconds() + " s");
        }
    }

    private CompletableFuture<byte[]> start(byte[] event) throws InvocationException, InterruptedException {
        if (!permits.tryAcquire(permitTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("{}: throttled, at most {} invocations run concurrently", function.id(), concurrency);
            throw new InvocationException(function.id() + ": throttled", true);
        }
        Environment environment;
        try {
            environment = takeEnvironment();
        } catch (InvocationException e) {
            permits.release();
            throw e;
        }
        return environment
                .invoke(event, context())
                .orTimeout(function.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, error) -> release(environment, error));
    }

    private Environment takeEnvironment() throws InvocationException {
        Environment environment = idle.pollFirst();
        if (environment != null) {
            return environment;
        }
        try {
            return new Environment(type.create(variables));
        } catch (Throwable e) { // as on Lambda, any failure of the constructor fails the invocation
            throw failure("cannot start: " + reason(e));
        }
    }

    /** Returns the context of an invocation that starts now. */
    private Context context() {
        return new LambdaContext(
                function.memoryMegabytes(),
                System.currentTimeMillis() + function.timeout().toMillis(),
                UUID.randomUUID().toString(),
                "/aws/lambda/" + function.name(),
                "local",
                function.name(),
                null,
                "$LATEST",
                function.arn(),
                null,
                null,
                null) {
            @Override
            public LambdaLogger getLogger() {
                return log;
            }
        };
    }

    private void release(Environment environment, @Nullable Throwable error) {
        if (error instanceof TimeoutException) {
            new Thread(environment::close, function.id() + "-discard").start();
        } else {
            idle.addFirst(environment);
        }
        permits.release();
    }

    private InvocationException failure(String reason) {
        LOG.error("{}: {}", function.id(), reason);
        return new InvocationException(function.id() + ": " + reason, false);
    }

    private String reason(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof TimeoutException) {
            return "timed out after " + function.timeout().toSeconds() + " s";
        }
        StackTraceElement[] trace = cause == null ? new StackTraceElement[0] : cause.getStackTrace();
        return (cause + (trace.length == 0 ? "" : " at " + trace[0])).replace('\n', ' ');
    }

    /** Waits up to 2 s for running invocations, then closes the idle environments. */
    @Override
    public void close() {
        try {
            permits.tryAcquire(concurrency, 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Environment environment; (environment = idle.poll()) != null; ) {
            environment.close();
        }
    }

    /** One instance of the handler with a dedicated thread, which runs one invocation at a time. */
    private final class Environment implements AutoCloseable {
        private final RequestHandler<Object, Object> handler;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, function.id());
            daemon.setDaemon(true);
            return daemon;
        });

        Environment(RequestHandler<Object, Object> handler) {
            this.handler = handler;
        }

        /** Passes the event to the handler and returns its response, both as JSON. Fails if the handler throws. */
        CompletableFuture<byte[]> invoke(byte[] event, Context context) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        ByteArrayOutputStream response = new ByteArrayOutputStream(INITIAL_RESPONSE_BYTES);
                        Object input = type.input().fromJson(new ByteArrayInputStream(event));
                        type.output().toJson(handler.handleRequest(input, context), response);
                        return response.toByteArray();
                    },
                    thread);
        }

        /** Interrupts a running invocation, and closes the handler if it is closeable. */
        @Override
        public void close() {
            thread.shutdownNow();
            if (handler instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    LOG.warn("{}: closing the handler failed: {}", function.id(), e.toString());
                }
            }
        }
    }
}
