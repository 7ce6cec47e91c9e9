package dev.steptrail.localcloud.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScheduleRunnerTest {
    private static final BlockingQueue<Map<String, Object>> EVENTS = new LinkedBlockingQueue<>();

    private static final Duration PERIOD = Duration.ofMillis(50);

    private static final AtomicInteger CALLS = new AtomicInteger();

    /** A handler that fails on its first invocation. */
    public static final class FailingOnceHandler implements RequestHandler<Map<String, Object>, String> {
        public FailingOnceHandler(Map<String, String> settings) {}

        @Override
        public String handleRequest(Map<String, Object> event, Context context) {
            EVENTS.add(event);
            if (CALLS.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
            }
            return "done";
        }
    }

    @BeforeEach
    void resetCalls() {
        EVENTS.clear();
        CALLS.set(0);
    }

    @Test
    void function_isInvokedPeriodically_evenAfterAFailure_untilClosed() throws Exception {
        ScheduledEvent often = new ScheduledEvent(PERIOD, "{}");
        try (FunctionHost host = new FunctionHost(function(often), Map.of())) {
            List<Map<String, Object>> events = new ArrayList<>();
            try (AutoCloseable ignored = new ScheduleRunner(often, host).start()) {
                for (int call = 0; call < 3; call++) {
                    events.add(EVENTS.poll(20, TimeUnit.SECONDS));
                }
            }
            Thread.sleep(300); // for an invocation that was running
            int calls = CALLS.get();
            Thread.sleep(300);

            assertThat(events).hasSize(3).containsOnly(Map.of());
            assertThat(CALLS).hasValue(calls);
        }
    }

    @Test
    void inputOfTheSchedule_isTheEvent() throws Exception {
        ScheduledEvent often = new ScheduledEvent(PERIOD, "{\"routeKey\": \"GET /health\"}");
        try (FunctionHost host = new FunctionHost(function(often), Map.of())) {
            try (AutoCloseable ignored = new ScheduleRunner(often, host).start()) {
                assertThat(EVENTS.poll(20, TimeUnit.SECONDS)).isEqualTo(Map.of("routeKey", "GET /health"));
            }
        }
    }

    private static Function function(ScheduledEvent scheduled) {
        return new Function(
                "FailingOnceHandler",
                "app-clerk",
                "arn",
                FailingOnceHandler.class.getName(),
                Duration.ofSeconds(5),
                128,
                null,
                Map.of(),
                List.of(),
                List.of(scheduled));
    }
}
