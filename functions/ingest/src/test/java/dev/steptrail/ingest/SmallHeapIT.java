package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.roles.FunctionLogin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory that a highly compressed batch needs. */
@Tag("nightly")
class SmallHeapIT {
    private static final int MIB = 1024 * 1024;

    @Test
    void batchOf64MiBDecompressed_isWrittenWithAHeapOf192MiB() throws Exception {
        TestDatabase database = TestDatabase.migrated().register("sender", "alice");
        assertThat(MessageCodec.decompress(MessageCodec.encode(SmallHeap.records(new UUID(7, 0))))
                        .length())
                .isBetween(7 * MIB + MIB / 2, 8 * MIB);

        Process program = start(database, "-Xmx192m");
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("\"MessagesReceived\":8,\"MessagesFailed\":0,\"StepsWritten\":80000,", "\"Rejected\":0,");
        assertThat(database.count("task_steps")).isEqualTo(80000);
    }

    /** Uses only the C1 compiler, which takes less CPU time; it does not affect the heap that a batch needs. */
    private static Process start(TestDatabase database, String heap) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                "sender");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(database.settings(FunctionLogin.INGEST));
        return builder.start();
    }
}
