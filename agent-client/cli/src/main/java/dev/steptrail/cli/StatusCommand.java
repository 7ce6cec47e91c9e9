package dev.steptrail.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Tell what waits in the outbox, and how its shipper fares.")
final class StatusCommand extends OutboxCommand {
    @Option(names = "--json", description = "For programs: one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OutboxStatus status = new OutboxStatus(readOnlyOutbox(), environment());
        if (json) {
            out().println(status.json().toPrettyString());
        } else {
            status.lines().forEach(this::println);
        }
        return 0;
    }
}
