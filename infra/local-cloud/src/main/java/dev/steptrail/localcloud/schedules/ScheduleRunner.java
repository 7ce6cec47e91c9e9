package dev.steptrail.localcloud.schedules;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.template.Schedule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/**
 * Invokes one function on its schedule until it is closed. A failed invocation is logged and not retried (Lambda would retry
 * twice). Times that pass during an invocation are skipped.
 */
public final class ScheduleRunner implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Schedule schedule;
    private final FunctionHost function;
    private final String region;
    private final String account;
    private final Thread thread;

    public ScheduleRunner(Schedule schedule, FunctionHost function, String region, String account) {
        this.schedule = schedule;
        this.function = function;
        this.region = region;
        this.account = account;
        this.thread = new Thread(this::run, "schedule-" + function.function().id());
    }

    public ScheduleRunner start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                Instant next = schedule.next(Instant.now());
                Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
                call(next);
            }
        } catch (InterruptedException e) {
            // close() interrupts the thread
        }
    }

    private void call(Instant time) throws InterruptedException {
        try {
            function.invoke(event(time), PATIENCE);
        } catch (InvocationException | TimeoutException e) {
            // already logged by FunctionHost
        }
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html">Scheduled events</a> */
    private byte[] event(Instant time) {
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

    @Override
    public void close() {
        thread.interrupt();
    }
}
