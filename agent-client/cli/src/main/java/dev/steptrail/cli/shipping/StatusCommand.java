package dev.steptrail.cli.shipping;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Show the backlog of the outbox and the state of its shipper.",
        footer = {
            "  steptrail status",
            "  steptrail status --json --outbox outbox",
            OutboxCommand.ENVIRONMENT + OutboxCommand.SENDER_VARIABLE
        })
public final class StatusCommand extends OutboxCommand {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OutboxStatus status = new OutboxStatus(readOnlyOutbox(), environment());
        if (json) {
            print(status.json().toPrettyString());
        } else {
            status.lines(zone()).forEach(this::println);
        }
        return 0;
    }
}
