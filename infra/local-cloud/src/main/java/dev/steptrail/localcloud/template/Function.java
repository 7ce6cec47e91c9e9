package dev.steptrail.localcloud.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A function (AWS::Serverless::Function).
 *
 * @param id its name in the template
 * @param handler the handler's class
 */
public record Function(
        String id,
        String name,
        String arn,
        String handler,
        Duration timeout,
        int memoryMegabytes,
        Map<String, String> environment,
        List<QueueEvent> queueEvents,
        List<Schedule> schedules) {
    public Function {
        environment = Map.copyOf(environment);
        queueEvents = List.copyOf(queueEvents);
        schedules = List.copyOf(schedules);
    }

    /**
     * A queue that feeds the function.
     *
     * @param batchSize most messages an invocation gets, 1 to 10,000
     * @param window how long to gather them after the first
     * @param reportsItemFailures whether the answer names the messages that failed (ReportBatchItemFailures)
     */
    public record QueueEvent(String queueArn, int batchSize, Duration window, boolean reportsItemFailures) {}

    @Override
    public String toString() {
        return id; // the environment holds secrets
    }
}
