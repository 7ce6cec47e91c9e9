package dev.steptrail.cli.records;

import dev.steptrail.cli.shipping.OutboxCommand;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "record",
        description = {
            "Record JSON lines from standard input.",
            "Each line is a record in UTF-8: {\"record\":\"task_started\",\"description\":\"...\"}, then"
                    + " {\"record\":\"step\",\"action\":{...}} for each step, then"
                    + " {\"record\":\"task_ended\",\"status\":\"succeeded\"}. Ids, step numbers and times are"
                    + " optional. A screenshot of a step is {\"path\":\"screen.png\"} or {\"base64\":\"...\"} in its"
                    + " list \"frames\".",
            "A line {\"record\":\"verdict\",\"task_id\":\"...\",\"value\":\"pass\",\"evaluator\":\"...\"} judges a task,"
                    + " which need not be open.",
            "The command prints the id of each task. It reports invalid lines and fields with their line number, and"
                    + " records everything else. Losses are counted in the task and printed at the end."
        },
        exitCodeList = "1:a line or field was invalid, or something could not be recorded",
        footer = {
            "  my-agent | steptrail record",
            "  steptrail record --outbox outbox < records.jsonl",
            OutboxCommand.ENVIRONMENT
        })
public final class RecordCommand extends OutboxCommand {
    private static final long MIN_OUTBOX_BYTES = 1024 * 1024;

    @Option(
            names = "--max-outbox-bytes",
            paramLabel = "BYTES",
            description =
                    "Maximum size of the outbox (default: 2147483648, 2 GiB). If it is reached, new screenshots are"
                            + " dropped first, then new steps.")
    private long maxOutboxBytes = 2L * 1024 * 1024 * 1024;

    private boolean succeeded = true;
    private long lineNumber;

    @Override
    public Integer call() throws IOException {
        if (maxOutboxBytes < MIN_OUTBOX_BYTES) {
            throw usageError(
                    "--max-outbox-bytes must be " + MIN_OUTBOX_BYTES + " (1 MiB) or more, but is " + maxOutboxBytes);
        }
        LineRecorder recorder = new LineRecorder(openOutbox(), maxOutboxBytes, this::reportProblem);
        try (recorder) {
            record(new LineInput(System.in), recorder);
        }
        String lost = recorder.lost().toString();
        if (!lost.isEmpty()) {
            succeeded = false;
            printError("total losses: " + lost);
        }
        return succeeded ? 0 : 1;
    }

    private void record(LineInput input, LineRecorder recorder) throws IOException {
        Optional<UUID> printedTask = Optional.empty();
        boolean hasNext = true;
        while (hasNext) {
            lineNumber++;
            try {
                String line = input.next();
                hasNext = line != null;
                Optional<UUID> task = line == null || line.isBlank() ? Optional.empty() : recorder.add(line);
                if (task.isPresent() && !task.equals(printedTask)) {
                    println(task.get().toString());
                    printedTask = task;
                }
            } catch (InvalidInputException e) {
                recorder.addUnreadable(String.valueOf(e.getMessage()));
            } catch (OutOfMemoryError e) { // caused by this line alone
                recorder.addUnreadable("the line does not fit into memory");
            } catch (RuntimeException e) { // its message may quote the line
                recorder.addUnreadable(
                        "the line cannot be recorded: " + e.getClass().getName());
            }
        }
    }

    private void reportProblem(String problem) {
        succeeded = false;
        printError("line " + lineNumber + ": " + problem);
    }
}
