package dev.steptrail.shipper.command;

import dev.steptrail.tracker.outbox.FolderLock;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code steptrail status}: what waits in the outbox. */
@Command(name = "status", description = "Tell what waits in the outbox.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private HelpOption helpOption = new HelpOption();

    @Mixin
    private OutboxOption outboxOption = new OutboxOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Outbox outbox = outboxOption.open();
        List<OutboxTask> tasks = outbox.tasks();
        PrintWriter out = spec.commandLine().getOut();
        out.println("outbox   " + outbox.folder());
        out.println("shipper  " + (isShipping(outbox) ? "at work" : "none"));
        out.println("tasks    " + tasks.size());
        if (!tasks.isEmpty()) {
            out.printf("%n%-36s  %-8s  %14s  %s%n", "TASK", "WRITER", "UNSHIPPED", "LAST WRITTEN");
        }
        for (OutboxTask task : tasks) {
            out.printf(
                    "%-36s  %-8s  %8d bytes  %s%n",
                    task.id(), task.hasWriter() ? "alive" : "gone", task.size() - task.shipped(), task.lastWritten());
        }
        return 0;
    }

    private static boolean isShipping(Outbox outbox) throws IOException {
        Optional<FolderLock> free = outbox.tryLock();
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }
}
