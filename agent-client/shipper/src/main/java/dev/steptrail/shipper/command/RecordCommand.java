package dev.steptrail.shipper.command;

import dev.steptrail.shipper.lines.LineException;
import dev.steptrail.shipper.lines.LineRecorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import picocli.CommandLine.Command;

/** {@code steptrail record}: records from a program in any language, by a pipe. */
@Command(
        name = "record",
        description = {
            "Record what comes on standard input: a record a line, as JSON in UTF-8 (step-format/README.md).",
            "Begin with {\"record\":\"task_started\",\"description\":…}, then {\"record\":\"step\",\"step_type\":\"action\",…},"
                    + " end with {\"record\":\"task_ended\",\"status\":\"succeeded\"}. Ids, numbers and times may be left out.",
            "A frame is {\"path\":\"screen.png\"} or {\"base64\":…}, with role and sensitive where these matter.",
            "Each task's id is printed when it begins. A bad line is named, and the next one is read; exit code 1 then."
        })
final class RecordCommand extends OutboxCommand {
    private final InputStream in;
    private boolean allGood = true;
    private long number;

    @SuppressWarnings("unused") // picocli makes it
    RecordCommand() {
        this(System.in);
    }

    RecordCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        UUID told = null;
        try (LineRecorder recorder = new LineRecorder(openOutbox(), this::tell)) {
            String line;
            while ((line = input.readLine()) != null) {
                number++;
                try {
                    UUID task = line.isBlank() ? told : recorder.add(line);
                    if (task != null && !task.equals(told)) {
                        lines().println(task.toString());
                        told = task;
                    }
                } catch (LineException e) {
                    tell(String.valueOf(e.getMessage()));
                }
            }
        }
        return allGood ? 0 : 1;
    }

    private void tell(String problem) {
        allGood = false;
        errorLines().println("steptrail: line " + number + ": " + problem);
    }
}
