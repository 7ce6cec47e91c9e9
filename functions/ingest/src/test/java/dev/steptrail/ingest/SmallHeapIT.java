package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.roles.FunctionLogin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory that a highly compressed batch needs. */
@Tag("slow")
class SmallHeapIT {
    private static final int MIB = 1024 * 1024;

    @Test
    void messageThatReferences20RecordsOf8MiB_isWrittenWithAHeapOf192MiB() throws Exception {
        TestDatabase database = TestDatabase.migrated();
        new AgentRepository(database.database()).register(new Agent("sender", "alice", List.of()));
        TestBucket bucket = TestBucket.empty();
        UUID task = new UUID(7, 0);
        byte[] object = PayloadCodec.encode(RecordCodec.encode(TestRecords.step(task, 1, "x".repeat(8 * MIB - 1000))));
        Payload payload = new Payload("payloads/sender/" + task + "/a", PayloadCodec.hash(object), object.length);
        bucket.put(payload.path(), object);

        String claim = new String(PayloadCodec.encodeClaim(payload), StandardCharsets.UTF_8);
        Process program = start(database, bucket, "-Xmx192m", claim);
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("\"MessagesReceived\":1,\"MessagesFailed\":0,\"StepsWritten\":1,\"Duplicates\":19,");
    }

    @Test
    void batchOf64MiBDecompressed_isWrittenWithAHeapOf192MiB() throws Exception {
        TestDatabase database = TestDatabase.migrated();
        new AgentRepository(database.database()).register(new Agent("sender", "alice", List.of()));
        assertThat(MessageCodec.decompress(MessageCodec.encode(SmallHeap.records(new UUID(7, 0))))
                        .length())
                .isBetween(7 * MIB + MIB / 2, 8 * MIB);

        Process program = start(database, TestBucket.empty(), "-Xmx192m");
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("\"MessagesReceived\":8,\"MessagesFailed\":0,\"StepsWritten\":80000,", "\"Rejected\":0,");
        assertThat(database.value("SELECT count(*) FROM task_steps")).isEqualTo("80000");
    }

    /** Uses only the C1 compiler, which takes less CPU time; it does not affect the heap that a batch needs. */
    private static Process start(TestDatabase database, TestBucket bucket, String heap, String... claim)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                "sender"));
        command.addAll(List.of(claim));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(database.settings(FunctionLogin.INGEST, bucket.settings()));
        return builder.start();
    }
}
