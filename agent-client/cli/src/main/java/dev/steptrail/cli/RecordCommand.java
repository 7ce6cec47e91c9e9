package dev.steptrail.cli;

import dev.steptrail.cli.lines.LineException;
import dev.steptrail.cli.lines.LineInput;
import dev.steptrail.cli.lines.LineRecorder;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "record",
        description = {
            "Record what comes on standard input: a record a line, as JSON in UTF-8 (step-format/FORMAT.md).",
            "Begin with {\"record\":\"task_started\",\"description\":…}, then"
                    + " {\"record\":\"step\",\"step_type\":\"action\",…}, end with"
                    + " {\"record\":\"task_ended\",\"status\":\"succeeded\"}. Ids, numbers and times may be left out.",
            "A frame is {\"path\":\"screen.png\"} or {\"base64\":…}, with role and sensitive where these matter.",
            "Each task's id is printed when it begins. What is wrong with a line is named, and all else is recorded;"
                    + " what is lost is counted in the task's losses and printed at the end. Exit code 1 then."
        })
final class RecordCommand extends OutboxCommand {
    private static final long MIN_OUTBOX_BYTES = 1024 * 1024;

    @Option(
            names = "--max-outbox-bytes",
            paramLabel = "BYTES",
            description =
                    "What the outbox may hold (default: 2147483648, 2 GiB). Beyond that new pictures are dropped first,"
                            + " then new steps.")
    private long maxOutboxBytes = 2L * 1024 * 1024 * 1024;

    private boolean allGood = true;
    private long number;

    @Override
    public Integer call() throws IOException {
        if (maxOutboxBytes < MIN_OUTBOX_BYTES) {
            throw wrong("--max-outbox-bytes must be " + MIN_OUTBOX_BYTES + " (1 MiB) or more");
        }
        LineRecorder recorder = new LineRecorder(openOutbox(), maxOutboxBytes, this::reportProblem);
        try (recorder) {
            record(new LineInput(System.in), recorder);
        }
        String lost = recorder.lost().toString();
        if (!lost.isEmpty()) {
            allGood = false;
            printError("lost in all: " + lost);
        }
        return allGood ? 0 : 1;
    }

    private void record(LineInput input, LineRecorder recorder) throws IOException {
        Optional<UUID> printed = Optional.empty();
        boolean more = true;
        while (more) {
            number++;
            try {
                String line = input.next();
                more = line != null;
                Optional<UUID> task = line == null || line.isBlank() ? Optional.empty() : recorder.add(line);
                if (task.isPresent() && !task.equals(printed)) {
                    println(task.get().toString());
                    printed = task;
                }
            } catch (LineException e) {
                recorder.addUnreadable(String.valueOf(e.getMessage()));
            } catch (OutOfMemoryError e) { // caused by one line; only this line is lost
                recorder.addUnreadable("does not fit into memory");
            } catch (RuntimeException e) { // as above; the message may quote the line
                recorder.addUnreadable("cannot be recorded: " + e.getClass().getName());
            }
        }
    }

    private void reportProblem(String problem) {
        allGood = false;
        printError("line " + number + ": " + problem);
    }
}
