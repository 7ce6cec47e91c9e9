package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.Agent;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How much memory a batch takes that is small on the wire and huge when it is inflated. */
class SmallHeapIT {
    private static final int MIB = 1024 * 1024;

    @Test
    void aBatchThatInflatesTo64MiB_isWrittenInAHeapOf192MiB() throws Exception {
        TestDatabase database = TestDatabase.migrated();
        new RegisterAgent(database.database()).register(new Agent("sender", "alice", List.of()));
        assertThat(MessageCodec.json(MessageCodec.encode(SmallHeap.records(new UUID(7, 0))))
                        .length())
                .isBetween(7 * MIB + MIB / 2, 8 * MIB);

        Process program = start(database, "-Xmx192m");
        String told = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(told).isZero();
        assertThat(told).contains("\"messages\":8,\"steps\":80000,", "\"rejected\":0,", "\"unwritten\":0");
        assertThat(database.value("SELECT count(*) FROM task_steps")).isEqualTo("80000");
    }

    private static Process start(TestDatabase database, String heap) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        "sender")
                .redirectErrorStream(true);
        builder.environment().putAll(database.settings());
        return builder.start();
    }
}
