package dev.steptrail.localcloud.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.template.Function;
import dev.steptrail.localcloud.template.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockworkTest {
    private static final BlockingQueue<Map<String, Object>> EVENTS = new LinkedBlockingQueue<>();

    /** Fails the first time. */
    public static final class Clerk implements RequestHandler<Map<String, Object>, String> {
        public Clerk(Map<String, String> settings) {}

        @Override
        public String handleRequest(Map<String, Object> event, Context context) {
            EVENTS.add(event);
            if (EVENTS.size() == 1) {
                throw new IllegalStateException("the first time");
            }
            return "done";
        }
    }

    @Test
    void function_isCalledAtEachTime_afterAFailureToo_untilItIsClosed() throws Exception {
        Schedule often = after -> after.plusMillis(50);
        try (FunctionHost host = new FunctionHost(function(often), Map.of())) {
            try (Clockwork clockwork = new Clockwork(often, host, "eu-west-1", "123")) {
                clockwork.start();
                Thread.sleep(1000);
            }
            Map<String, Object> event = EVENTS.poll(1, TimeUnit.SECONDS);
            int calls = EVENTS.size();
            Thread.sleep(300);

            assertThat(event)
                    .containsEntry("source", "aws.events")
                    .containsEntry("detail-type", "Scheduled Event")
                    .containsEntry("resources", List.of("arn:aws:events:eu-west-1:123:rule/app-clerk"));
            assertThat(calls).isBetween(2, 20);
            assertThat(EVENTS).hasSizeLessThanOrEqualTo(calls + 1);
        }
    }

    private static Function function(Schedule schedule) {
        return new Function(
                "Clerk",
                "app-clerk",
                "arn",
                Clerk.class.getName(),
                Duration.ofSeconds(5),
                128,
                Map.of(),
                List.of(),
                List.of(schedule),
                false);
    }
}
