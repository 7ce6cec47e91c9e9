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
import org.jspecify.annotations.Nullable;

/**
 * Primes a handler before a SnapStart snapshot: passes JSON events to it through the serializers of Lambda's managed
 * runtime. The serializers are on the runtime's class path, not in the function's zip. Outside the managed runtime,
 * methods may throw {@link LinkageError}.
 *
 * @param <E> a type of {@code aws-lambda-java-events}
 */
public final class HandlerPrimer<E, R> {
    private final RequestHandler<E, R> handler;
    private final PojoSerializer<E> events;
    private final PojoSerializer<R> responses;

    public HandlerPrimer(Class<E> eventType, Class<R> responseType, RequestHandler<E, R> handler) {
        this.handler = handler;
        this.events = LambdaEventSerializers.serializerFor(eventType, eventType.getClassLoader());
        this.responses = JacksonFactory.getInstance().getSerializer(responseType);
    }

    /**
     * Handles an event and discards the handler's log.
     *
     * @param event in JSON
     */
    public R handle(String event) {
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
