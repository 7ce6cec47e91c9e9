package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command in this process, against real SQS and S3 servers. */
public abstract class SteptrailTestBase {
    protected static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    @TempDir
    protected Path folder;

    private static final String NO_ADB_SERVER = Integer.toString(ReservedPorts.reserve());

    protected final LocalAws aws = new LocalAws();
    protected Path outbox;

    @BeforeEach
    void name() {
        outbox = folder.resolve("outbox");
    }

    /** The result of a command. */
    public record Run(int exitCode, String out, String err) {}

    /** Runs a command. Unless the environment names an adb server, it finds none, even if this machine has one. */
    public static Run run(Map<String, String> environment, String... arguments) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("ANDROID_ADB_SERVER_PORT", NO_ADB_SERVER);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Steptrail.run(
                variables, ScriptedApi.ZONE, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    public static void assertFailed(Run run, String line) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith(line);
    }

    protected void write() throws IOException {
        try (TaskWriter writer = Outbox.open(outbox).newTask(TASK)) {
            writer.append(new TaskRecords(TASK).started());
            writer.append(new TaskRecords(TASK).ended());
        }
    }
}
