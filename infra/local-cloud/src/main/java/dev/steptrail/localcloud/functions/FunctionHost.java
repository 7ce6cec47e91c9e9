package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.steptrail.localcloud.template.Function;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one function. Invocations share execution environments, which are made when none is idle, up to
 * {@value #MAX_ENVIRONMENTS}. Thread-safe.
 *
 * <p>An invocation that outlives the function's timeout is given up and its environment thrown away. Its thread is
 * interrupted; unlike in Lambda it cannot be killed.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</a>
 */
public final class FunctionHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionHost.class);
    private static final int MAX_ENVIRONMENTS = 10;
    private static final Duration THROTTLE_AFTER = Duration.ofSeconds(2);
    private static final int MAX_REQUEST_BYTES = 6 * 1024 * 1024;
    private static final int MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;

    private final Function function;
    private final HandlerType type;
    private final Map<String, String> settings;
    private final FunctionLog log;
    private final Semaphore permits = new Semaphore(MAX_ENVIRONMENTS, true);
    private final ConcurrentLinkedDeque<ExecutionEnvironment> idle = new ConcurrentLinkedDeque<>();

    /**
     * A host with no environment yet.
     *
     * @param platform settings that Lambda itself gives to every function
     * @throws dev.steptrail.localcloud.template.TemplateException when the handler's class cannot serve
     */
    public FunctionHost(Function function, Map<String, String> platform) {
        this.function = function;
        this.type = HandlerType.of(function);
        Map<String, String> all = new HashMap<>(platform);
        all.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        all.putAll(function.environment());
        this.settings = Map.copyOf(all);
        this.log = new FunctionLog(function.id());
    }

    public Function function() {
        return function;
    }

    /**
     * Runs the function and waits for its answer.
     *
     * @param event JSON, at most 6 MiB
     * @param patience how long the caller waits; after that the function goes on alone
     * @return JSON, at most 6 MiB
     * @throws InvocationException when there was no answer; the reason has been logged
     * @throws TimeoutException when the caller's patience ended first
     */
    public byte[] invoke(byte[] event, Duration patience)
            throws InvocationException, TimeoutException, InterruptedException {
        if (event.length > MAX_REQUEST_BYTES) {
            throw failed("the event has " + event.length + " bytes, Lambda takes " + MAX_REQUEST_BYTES);
        }
        try {
            byte[] answer = start(event).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.length > MAX_RESPONSE_BYTES) {
                throw failed("the answer has " + answer.length + " bytes, Lambda takes " + MAX_RESPONSE_BYTES);
            }
            return answer;
        } catch (ExecutionException e) {
            throw failed(reason(e.getCause()));
        }
    }

    private CompletableFuture<byte[]> start(byte[] event) throws InvocationException, InterruptedException {
        if (!permits.tryAcquire(THROTTLE_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("{}: throttled, {} invocations are running", function.id(), MAX_ENVIRONMENTS);
            throw InvocationException.throttled(function.id() + ": throttled");
        }
        ExecutionEnvironment environment;
        try {
            environment = environment();
        } catch (InvocationException e) {
            permits.release();
            throw e;
        }
        return environment
                .invoke(event, new Invocation(function, log))
                .orTimeout(function.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, error) -> release(environment, error));
    }

    private ExecutionEnvironment environment() throws InvocationException {
        ExecutionEnvironment environment = idle.pollFirst();
        if (environment != null) {
            return environment;
        }
        RequestStreamHandler handler;
        try {
            handler = type.create(settings);
        } catch (Throwable e) { // as Lambda: whatever the constructor throws, the invocation fails
            throw failed("cannot start: " + reason(e));
        }
        return new ExecutionEnvironment(handler, function.id());
    }

    private void release(ExecutionEnvironment environment, @Nullable Throwable error) {
        if (error instanceof TimeoutException) {
            new Thread(environment::close, function.id() + "-discard").start();
        } else {
            idle.addFirst(environment);
        }
        permits.release();
    }

    private InvocationException failed(String reason) {
        LOG.error("{}: {}", function.id(), reason);
        return InvocationException.failed(function.id() + ": " + reason);
    }

    private String reason(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof TimeoutException) {
            return "timed out after " + function.timeout().toSeconds() + " s";
        }
        StringBuilder reason = new StringBuilder(String.valueOf(cause));
        if (cause != null && cause.getStackTrace().length > 0) {
            reason.append(" at ").append(cause.getStackTrace()[0]);
        }
        return reason.toString().replace('\n', ' ');
    }

    /** Waits a little for what runs, then closes every environment; later invocations are throttled. */
    @Override
    public void close() {
        try {
            permits.tryAcquire(MAX_ENVIRONMENTS, 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (ExecutionEnvironment environment; (environment = idle.poll()) != null; ) {
            environment.close();
        }
    }
}
