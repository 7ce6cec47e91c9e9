package dev.steptrail.cli;

import dev.steptrail.shipper.state.ShipperState;
import dev.steptrail.shipper.state.TaskBacklog;
import dev.steptrail.tracker.outbox.FolderSize;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code steptrail status}: what waits in the outbox, and how its shipper fares. */
@Command(name = "status", description = "Tell what waits in the outbox, and how its shipper fares.")
final class StatusCommand extends OutboxCommand {
    @Option(names = "--json", description = "For programs: one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Outbox outbox = readOnlyOutbox();
        List<TaskBacklog> tasks = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (OutboxTask task : outbox.tasks()) {
            try {
                backlog(task).ifPresent(tasks::add);
            } catch (IOException e) {
                unreadable.add(task.folder() + ": " + Steptrail.told(e));
            }
        }
        for (Path folder : outbox.misnamed()) {
            unreadable.add(folder + ": is not shipped: give it the task's id in lower case as its name");
        }
        for (Path folder : outbox.leftBehind()) {
            unreadable.add(folder + ": " + FolderSize.of(folder)
                    + " bytes that an import left which did not finish: the next" + " ship or import removes them");
        }
        OutboxStatus status = new OutboxStatus(
                outbox.folder(),
                outbox.isBeingShipped(),
                Optional.ofNullable(environment().get("STEPTRAIL_SENDER")).filter(sender -> !sender.isBlank()),
                ShipperState.of(outbox),
                tasks,
                unreadable,
                Clock.systemUTC().instant());
        if (json) {
            out().println(StatusJson.of(status).toPrettyString());
        } else {
            StatusText.lines(status).forEach(lines()::println);
        }
        return 0;
    }

    /** Empty if it was shipped meanwhile. */
    private static Optional<TaskBacklog> backlog(OutboxTask task) throws IOException {
        try {
            return Optional.of(TaskBacklog.of(task));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
