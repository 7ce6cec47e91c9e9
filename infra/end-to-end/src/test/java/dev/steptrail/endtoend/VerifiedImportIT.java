package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The import and doctor commands report messages that the queue accepted but ingest dropped or rejected. */
@Isolated("it takes the sender of all others away")
@Order(3)
class VerifiedImportIT {
    @TempDir
    Path folder;

    private final CloudProcess cloud = CloudProcess.shared();
    private final Terminal admin = Terminal.ofAdmin(cloud);
    private Path recording;

    /** Returns a recording that no other test imports. Its text determines the task id. */
    @BeforeEach
    void copy() throws IOException {
        String sample = Files.readString(Recording.SAMPLES.resolve("weather-finished/weather-finished.json"));
        recording = Files.writeString(
                folder.resolve("run.json"),
                sample.replaceFirst("\"metadata\": \\{", "\"metadata\": {\"import\": \"" + UUID.randomUUID() + "\","));
    }

    @Test
    void deletedTask_isNotStoredAgain_andImportReportsIt() throws Exception {
        Program.Result first = imports("--zone", "UTC");
        assertThat(first.errors()).isEmpty();
        assertThat(first.exitCode()).isZero();
        String task = first.out().get(0).replaceAll(".*: task ([0-9a-f-]{36}), 5 steps.*", "$1");

        Program.Result otherZone = imports("--zone", "Asia/Shanghai");
        assertThat(otherZone.exitCode()).isEqualTo(1);
        assertThat(otherZone.errors())
                .singleElement()
                .asString()
                .contains("task " + task + " is already stored with a different start time", "--new-id");

        assertThat(cloud.api().call("DELETE", "/api/tasks/" + task).status()).isEqualTo(204);
        Program.Result again = imports("--zone", "UTC");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.errors()).singleElement().asString().contains("task " + task + " was deleted at ", "--new-id");

        Program.Result another = imports("--zone", "UTC", "--new-id");
        assertThat(another.errors()).isEmpty();
        assertThat(another.exitCode()).isZero();
        assertThat(another.out().get(0)).doesNotContain(task);
    }

    @Test
    void unregisteredSender_isReportedByImportAndDoctor() {
        Object[] doctor = {"doctor", "--wait", "20", "--outbox", folder};
        assertThat(admin.does(doctor))
                .last()
                .isEqualTo("ok   delivery: a task with a screenshot was sent, read back and deleted");
        assertThat(admin.does("agents", "remove", "local")).containsExactly("removed local");
        try {
            Program.Result imported = imports("--wait", "5");
            assertThat(imported.exitCode()).isEqualTo(1);
            assertThat(imported.errors())
                    .singleElement()
                    .asString()
                    .endsWith(" is not stored, 5 s after it was sent: it was rejected (the sender is not registered;"
                            + " an admin must register it as an agent)");

            doctor[2] = "5";
            Program.Result examined = admin.tries(doctor);
            assertThat(examined.exitCode()).isEqualTo(1);
            assertThat(examined.out())
                    .last()
                    .asString()
                    .startsWith("FAIL delivery: task ")
                    .contains("the sender is not registered");
        } finally {
            assertThat(admin.does("agents", "add", "local", "--owner", "demo"))
                    .containsExactly("registered local for demo");
        }
    }

    private Program.Result imports(String... options) {
        Object[] command = new Object[options.length + 5];
        command[0] = "import";
        command[1] = "--no-screenshots";
        command[2] = "--outbox";
        command[3] = folder.resolve("outbox");
        command[4] = recording;
        System.arraycopy(options, 0, command, 5, options.length);
        return admin.tries(command);
    }
}
