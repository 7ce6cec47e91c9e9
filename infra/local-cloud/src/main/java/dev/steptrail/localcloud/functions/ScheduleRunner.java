package dev.steptrail.localcloud.functions;

import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Invokes one function on its schedule until it is closed, first after one period. A failed invocation is logged and
 * not retried (Lambda would retry twice). The next period starts when an invocation has ended.
 */
public record ScheduleRunner(ScheduledEvent scheduled, FunctionHost function) {
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
                Thread.sleep(scheduled.period().toMillis());
                invoke();
            }
        } catch (InterruptedException e) {
            // closing the handle interrupts the thread
        }
    }

    private void invoke() throws InterruptedException {
        try {
            function.invoke(scheduled.input().getBytes(StandardCharsets.UTF_8), INVOCATION_TIMEOUT);
        } catch (InvocationException | TimeoutException e) {
            // already logged by FunctionHost
        }
    }
}
