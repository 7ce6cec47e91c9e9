package dev.steptrail.cli;

import dev.steptrail.shipper.state.ShipperState;
import dev.steptrail.shipper.state.TaskBacklog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A status for people. */
final class StatusText {
    private StatusText() {}

    static List<String> lines(OutboxStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add("outbox   " + status.outbox());
        lines.add("shipper  " + (status.atWork() ? "at work" : "none"));
        lines.add("sender   " + sender(status));
        status.shipper().ifPresent(shipper -> add(shipper, lines));
        lines.add("waiting  " + status.unshippedSteps() + " steps in " + status.unshippedBytes() + " bytes"
                + status.oldestAge().map(age -> ", the oldest for " + told(age)).orElse(""));
        lines.add("on disk  " + status.bytes() + " bytes");
        lines.add("tasks    " + status.tasks().size());
        status.unreadable().forEach(problem -> lines.add("problem  " + problem));
        if (!status.tasks().isEmpty()) {
            lines.add("");
            lines.add(String.format(
                    "%-36s  %-6s  %15s  %15s  %15s  %s", "TASK", "WRITER", "UNSHIPPED", "", "ON DISK", "LAST WRITTEN"));
        }
        status.tasks().forEach(task -> lines.add(line(task)));
        return lines;
    }

    private static String sender(OutboxStatus status) {
        return status.sender()
                .map(set -> set + " (STEPTRAIL_SENDER)")
                .or(() -> status.shipper().map(ShipperState::sender).map(told -> told + " (told by the shipper)"))
                .orElse("asked of STS");
    }

    private static void add(ShipperState shipper, List<String> lines) {
        lines.add("shipped  " + shipper.counts().getOrDefault("records", 0L) + " records since " + shipper.startedAt()
                + (shipper.lastSuccessAt() == null ? "" : ", last at " + shipper.lastSuccessAt()));
        ShipperState.Problem problem = shipper.problem();
        if (problem != null) {
            lines.add("problem  since " + problem.since() + ": " + problem.message());
        }
    }

    private static String line(TaskBacklog task) {
        return String.format(
                "%-36s  %-6s  %9d steps  %9d bytes  %9d bytes  %s",
                task.taskId(),
                task.writerAlive() ? "alive" : "gone",
                task.unshippedSteps(),
                task.unshippedBytes(),
                task.bytes(),
                task.lastWritten());
    }

    /** Its two largest units, such as {@code 2 h 5 min}. */
    static String told(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d " + age.toHoursPart() + " h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + " h " + age.toMinutesPart() + " min";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + " min " + age.toSecondsPart() + " s" : age.toSeconds() + " s";
    }
}
