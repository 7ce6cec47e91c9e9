package dev.steptrail.aws;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Primes a handler before a SnapStart snapshot: passes JSON events to it through the serializers of Lambda's managed
 * runtime, so that the snapshot contains the loaded classes and the compiled code. The serializers are on the runtime's
 * class path, not in the function's zip.
 */
public final class SnapshotPrimer {
    /** Enough for the JVM to compile the code that connects with TLS. */
    private static final int ROUNDS = 10;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private SnapshotPrimer() {}

    /**
     * Runs a round ten times; no round starts after 10 seconds. Then drops the credentials of the function's role.
     * Never throws: a failure is logged as a warning, and the version is published with a slower first event.
     *
     * @param preparation returns the round
     */
    public static void prime(Supplier<Runnable> preparation) {
        // Some libraries keep a buffer per thread. The SDK's JSON parser keeps credentials in it until the thread ends.
        Thread thread = new Thread(() -> run(preparation), "priming");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        AwsClients.forgetCredentials();
    }

    private static void run(Supplier<Runnable> preparation) {
        try {
            Runnable round = preparation.get();
            long end = System.nanoTime() + TIMEOUT.toNanos();
            for (int i = 0; i < ROUNDS && System.nanoTime() < end; i++) {
                round.run();
            }
        } catch (RuntimeException | LinkageError e) {
            Log.outsideInvocations().warn("priming_failed", Map.of("failure", String.valueOf(e)));
        }
    }

    /**
     * Handles an event and discards the handler's log.
     *
     * @param event in JSON
     * @param <E> a type of {@code aws-lambda-java-events}
     * @throws LinkageError outside the managed runtime
     */
    public static <E, R> R handle(
            RequestHandler<E, R> handler, Class<E> eventType, Class<R> responseType, String event) {
        PojoSerializer<E> events = LambdaEventSerializers.serializerFor(eventType, eventType.getClassLoader());
        PojoSerializer<R> responses = JacksonFactory.getInstance().getSerializer(responseType);
        ByteArrayInputStream json = new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
        R response = handler.handleRequest(events.fromJson(json), new PrimingContext());
        responses.toJson(response, OutputStream.nullOutputStream());
        return response;
    }

    private static final class PrimingContext implements Context {
        private static final Duration REMAINING_TIME = Duration.ofSeconds(20);

        private static final LambdaLogger NO_LOGGER = new LambdaLogger() {
            @Override
            public void log(String message) {}

            @Override
            public void log(byte[] message) {}
        };

        @Override
        public String getAwsRequestId() {
            return "priming";
        }

        @Override
        public String getLogGroupName() {
            return "";
        }

        @Override
        public String getLogStreamName() {
            return "";
        }

        @Override
        public String getFunctionName() {
            return "";
        }

        @Override
        public String getFunctionVersion() {
            return "";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "";
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return (int) REMAINING_TIME.toMillis();
        }

        @Override
        public int getMemoryLimitInMB() {
            return 0;
        }

        @Override
        public LambdaLogger getLogger() {
            return NO_LOGGER;
        }
    }
}
