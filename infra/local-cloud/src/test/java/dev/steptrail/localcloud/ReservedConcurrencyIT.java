package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.functions.QueuePoller;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A function's reserved concurrency limits its invocations, and throttled messages stay in their queue. */
@Tag("slow")
class ReservedConcurrencyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] HOLD = "{\"hold\":true}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

    /** Signals that an invocation with {@code hold} has started. */
    private static final Semaphore STARTED = new Semaphore(0);

    /** Lets an invocation with {@code hold} end. */
    private static final Semaphore MAY_END = new Semaphore(0);

    private static final BlockingQueue<Map<String, Object>> EVENTS = new LinkedBlockingQueue<>();

    /** Keeps the events. Waits for {@link #MAY_END} if the event contains {@code hold}. */
    public static final class HoldingHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
        public HoldingHandler(Map<String, String> settings) {}

        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            if (event.containsKey("hold")) {
                STARTED.release();
                MAY_END.acquireUninterruptibly();
            } else {
                EVENTS.add(event);
            }
            return Map.of();
        }
    }

    @Test
    void throttledMessage_staysInItsQueue_andIsProcessedLater() throws Exception {
        SqsClient sqs = TestCloud.shared().sqs();
        String url = sqs.createQueue(request ->
                        request.queueName("reserved").attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")))
                .queueUrl();
        QueueEvent event = new QueueEvent("arn:aws:sqs:us-east-1:000000000000:reserved", 10, Duration.ZERO, false);
        Semaphore deliveries = new Semaphore(0);
        java.util.function.Function<Message, String> countDelivery = message -> {
            deliveries.release();
            return "local";
        };
        try (FunctionHost function = host(1);
                QueuePoller poller = new QueuePoller(sqs, url, event, function, "us-east-1", countDelivery)) {
            CompletableFuture<byte[]> running = hold(function);
            sqs.sendMessage(request -> request.queueUrl(url).messageBody("later"));
            poller.start();

            assertThat(deliveries.tryAcquire(2, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(EVENTS).isEmpty();
            MAY_END.release();
            assertThat(EVENTS.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .asString()
                    .contains("body=later");
            running.get();
        }
    }

    @Test
    void invocationsAboveTheReservedConcurrency_areThrottledAtOnce() throws Exception {
        try (FunctionHost function = host(2)) {
            CompletableFuture<byte[]> first = hold(function);
            CompletableFuture<byte[]> second = hold(function);

            assertThrottled(function);
            MAY_END.release(2);
            first.get();
            second.get();
            assertThat(function.invoke(EMPTY, PATIENCE)).asString().isEqualTo("{}");
        }
        EVENTS.clear();
    }

    @Test
    void reservedConcurrencyOfZero_throttlesEveryInvocation() throws Exception {
        try (FunctionHost function = host(0)) {
            assertThrottled(function);
        }
    }

    private static void assertThrottled(FunctionHost function) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> function.invoke(EMPTY, PATIENCE))
                .isInstanceOfSatisfying(InvocationException.class, throttled -> assertThat(throttled.throttled())
                        .isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    /** Starts an invocation that runs until {@link #MAY_END}. */
    private static CompletableFuture<byte[]> hold(FunctionHost function) throws InterruptedException {
        CompletableFuture<byte[]> running = CompletableFuture.supplyAsync(() -> {
            try {
                return function.invoke(HOLD, PATIENCE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(STARTED.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return running;
    }

    private static FunctionHost host(int reservedConcurrency) {
        return new FunctionHost(
                new Function(
                        "Reserved",
                        "app-reserved",
                        "arn",
                        HoldingHandler.class.getName(),
                        Duration.ofSeconds(30),
                        128,
                        reservedConcurrency,
                        Map.of(),
                        List.of(),
                        List.of()),
                Map.of());
    }
}
