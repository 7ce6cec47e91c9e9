package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Compares two experiments, whose names contain slashes, by the commands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateIT {
    private static final String OWNER = "experimenter";

    private final CloudProcess cloud = CloudProcess.shared();
    private Terminal terminal;

    @BeforeAll
    void run() throws Exception {
        terminal = Terminal.of(
                cloud, cloud.apiOf(OWNER, Map.of(), Duration.ofHours(1)).token());
        insert("suite/1", "camera", 10, 0);
        insert("suite/1", "音量", 10, 0);
        insert("suite/2", "camera", 9, 1);
        insert("suite/2", "音量", 2, 8);
    }

    private void insert(String experiment, String caseId, int passes, int fails) throws Exception {
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement("""
                        INSERT INTO tasks (task_id, owner, started_at, ended_at, status, experiment, case_id)
                        SELECT gen_random_uuid(), ?, '2026-03-01', '2026-03-01', CASE WHEN n <= ? THEN 'succeeded' ELSE 'failed' END, ?, ?
                          FROM generate_series(1, ?) AS n
                        """)) {
            statement.setString(1, OWNER);
            statement.setInt(2, passes);
            statement.setString(3, experiment);
            statement.setString(4, caseId);
            statement.setInt(5, passes + fails);
            statement.executeUpdate();
        }
    }

    @Test
    void regression_isShown_andFailsTheGate(@TempDir Path folder) throws Exception {
        assertThat(terminal.does("experiments", "suite/2", "--baseline", "suite/1"))
                .anyMatch(line -> line.matches("regression +2/10 +10/10 +20 % .*音量"))
                .anyMatch(line -> line.matches("unchanged +9/10 +10/10 +90 % .*camera"));

        Program.Result gate = terminal.tries(
                "gate", "--experiment", "suite/2", "--baseline", "suite/1", "--junit", folder.resolve("gate.xml"));

        assertThat(gate.exitCode()).isEqualTo(1);
        assertThat(gate.out())
                .contains(
                        "failed  --max-regressions 0: expected at most 0 regressions, but there is 1",
                        "regression  2/10, baseline 10/10  音量");
        assertThat(Files.readString(folder.resolve("gate.xml"))).contains("failures=\"2\"");
    }

    @Test
    void gate_hasTheDocumentedExitCodes() throws Exception {
        assertThat(terminal.tries("gate", "--experiment", "suite/1", "--min-success", "1")
                        .exitCode())
                .isZero();
        assertThat(terminal.tries("gate", "--experiment", "suite/3", "--min-success", "1")
                        .exitCode())
                .isEqualTo(4);
        assertThat(terminal.tries("gate", "--experiment", "suite/1", "--baseline", "suite/3")
                        .errors())
                .containsExactly("steptrail: The baseline \"suite/3\" does not exist, or it belongs to another owner."
                        + " Admins read those of another owner with --owner.");
    }
}
