package dev.steptrail.shipper.command;

import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code steptrail status}: what waits in the outbox. */
@Command(name = "status", description = "Tell what waits in the outbox.")
final class StatusCommand extends OutboxCommand {
    @Override
    public Integer call() throws IOException {
        Outbox outbox = existingOutbox();
        List<OutboxTask> tasks = outbox.tasks();
        PrintWriter out = out();
        out.println("outbox   " + outbox.folder());
        out.println("shipper  " + (outbox.isBeingShipped() ? "at work" : "none"));
        String sender = environment().get("STEPTRAIL_SENDER");
        out.println(
                "sender   " + (sender == null || sender.isBlank() ? "asked of STS" : sender + " (STEPTRAIL_SENDER)"));
        out.println("tasks    " + tasks.size());
        if (!tasks.isEmpty()) {
            out.printf("%n%-36s  %-8s  %14s  %s%n", "TASK", "WRITER", "UNSHIPPED", "LAST WRITTEN");
        }
        for (OutboxTask task : tasks) {
            print(task, out);
        }
        return 0;
    }

    private static void print(OutboxTask task, PrintWriter out) throws IOException {
        try {
            String writer = task.hasWriter() ? "alive" : "gone";
            out.printf(
                    "%-36s  %-8s  %8d bytes  %s%n",
                    task.id(), writer, task.size() - task.shipped(), task.lastWritten());
        } catch (NoSuchFileException e) {
            out.printf("%-36s  shipped while you looked%n", task.id());
        }
    }
}
