package dev.steptrail.localcloud.functions;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/**
 * Invokes one function on its schedule until it is closed. A failed invocation is logged and not retried (Lambda would
 * retry twice). Scheduled times during an invocation are skipped.
 */
public record ScheduleRunner(ScheduledEvent scheduled, FunctionHost function, String region, String account) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration INVOCATION_TIMEOUT = Duration.ofMinutes(15);

    /** Starts a thread for the schedule. Closing the returned handle ends it. */
    public AutoCloseable start() {
        Thread thread = new Thread(this::run, "schedule-" + function.function().id());
        thread.setDaemon(true);
        thread.start();
        return thread::interrupt;
    }

    private void run() {
        try {
            while (true) {
                Instant next = scheduled.schedule().next(Instant.now());
                Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
                invoke(next);
            }
        } catch (InterruptedException e) {
            // closing the handle interrupts the thread
        }
    }

    private void invoke(Instant time) throws InterruptedException {
        try {
            function.invoke(event(time), INVOCATION_TIMEOUT);
        } catch (InvocationException | TimeoutException e) {
            // already logged by FunctionHost
        }
    }

    /**
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html">Scheduled events</a>
     */
    private byte[] event(Instant time) {
        if (scheduled.input() != null) {
            return scheduled.input().getBytes(StandardCharsets.UTF_8);
        }
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "0");
        event.put("id", UUID.randomUUID().toString());
        event.put("detail-type", "Scheduled Event");
        event.put("source", "aws.events");
        event.put("account", account);
        event.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
        event.put("region", region);
        event.putArray("resources")
                .add("arn:aws:events:" + region + ":" + account + ":rule/"
                        + function.function().name());
        event.putObject("detail");
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }
}
