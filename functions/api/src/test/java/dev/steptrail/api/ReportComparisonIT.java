package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.TestRecords;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the comparison with the owner's other tasks in reports. */
@Tag("slow")
class ReportComparisonIT extends ApiTestBase {
    private static final String[] USUAL = {"Launch camera", "Tap 100,100", "Type", "Tap 200,200", "Back"};
    private static final String[] ELSEWHERE = {
        "Launch camera", "Tap 900,100", "Tap 900,200", "Tap 900,400", "Tap 900,600"
    };

    @BeforeAll
    static void registerAnother() {
        DATABASE.register("AIDADAVE", "dave");
    }

    private final String instruction = "Take picture " + task;

    @Test
    void failureOrRunningTaskOffTheUsualPath_hasAWarning_beforeMaintenanceRan() {
        assertThat(report(succeed(1)).get("expectation").isNull())
                .as("without enough tasks")
                .isTrue();
        succeed(5);
        UUID running = run("AIDAALICE", null, ELSEWHERE);
        UUID cancelled = run("AIDAALICE", TaskStatus.CANCELLED, ELSEWHERE);
        UUID succeeded = run("AIDAALICE", TaskStatus.SUCCEEDED, ELSEWHERE);

        JsonNode report = report(running);

        assertThat(report.get("findings").toString())
                .isEqualTo(
                        "[{\"kind\":\"path_deviation\",\"steps\":[2],\"detail\":{\"usual_action\":\"Tap 100,100\"}}]");
        assertThat(report.at("/expectation/tasks").asInt()).isEqualTo(6);
        assertThat(report.at("/expectation/success_rate_low").asDouble()).isBetween(0.5, 0.7);
        assertThat(report.get("expectation").has("usual_path")).isFalse();
        assertThat(alice.get(REPORT, running, "format=md").body())
                .contains(
                        "## Results of tasks with this instruction",
                        "| Ended tasks | 6 |",
                        "100.0 % (61.0 % to 100.0 %)");
        assertThat(alice.get(REPORT, running, "format=md&lang=zh").body()).contains("## 相同指令的任务", "偏离了成功任务的常见路径");
        assertThat(findings(run("AIDAALICE", TaskStatus.FAILED, ELSEWHERE))).hasSize(1);
        assertThat(findings(run("AIDAALICE", null, USUAL))).isEmpty();
        for (UUID unjudged : List.of(cancelled, succeeded)) {
            assertThat(findings(unjudged)).isEmpty();
            alice.call("PUT /api/tasks/{task_id}/verdicts", unjudged, "", "{\"value\":\"fail\"}");
            assertThat(findings(unjudged)).as("judged a failure").hasSize(1);
        }
    }

    @Test
    void otherOwnersAndShareLinks_getNoComparison() {
        succeed(6);
        UUID running = run("AIDAALICE", null, ELSEWHERE);

        assertThat(report(run("AIDADAVE", null, ELSEWHERE)).get("expectation").isNull())
                .isTrue();
        String token = alice.share(running, "{\"include_sensitive\":true}");
        JsonNode shared =
                new Api(HANDLER, null).shared(REPORT, running, "", token).json();
        assertThat(shared.get("expectation").isNull()).isTrue();
        assertThat(shared.get("findings")).isEmpty();
        assertThat(findings(running)).hasSize(1);
    }

    @Test
    void successWithALongerPath_hasASuggestionOfTheShorterOne() {
        String[] longer = (String.join(";", USUAL).replace(";Back", "")
                        + ";Swipe 500,900,500,100;Tap 700,1;Tap 700,100;" + "Tap 700,200;Tap 700,300;Tap 700,400;Back")
                .split(";");
        for (int i = 0; i < 8; i++) {
            run("AIDAALICE", TaskStatus.SUCCEEDED, longer);
        }
        succeed(4);
        UUID longRun = run("AIDAALICE", TaskStatus.SUCCEEDED, longer);

        JsonNode suggestion = report(longRun).at("/suggestions/0");

        String other = suggestion.at("/figures/task_id").asText();
        assertThat(suggestion.get("kind").asText()).isEqualTo("shorter_path");
        assertThat(suggestion.get("steps").toString()).isEqualTo("[5,6,7,8,9,10]");
        assertThat(suggestion.at("/figures/saved_steps").asInt()).isEqualTo(6);
        assertThat(alice.get(TASK, other).status()).isEqualTo(200);
        assertThat(report(run("AIDAALICE", null, longer)).get("suggestions"))
                .as("of a running task")
                .isEmpty();
        DATABASE.execute("DELETE FROM task_digests WHERE task_id = '" + other + "'");
        assertThat(report(longRun).get("suggestions"))
                .as("after the other task was deleted")
                .isEmpty();
    }

    private JsonNode report(UUID run) {
        return admin.get(REPORT, run).json();
    }

    private JsonNode findings(UUID run) {
        return report(run).get("findings");
    }

    /** Adds runs on the usual path, updates the insights, and returns the last run. */
    private UUID succeed(int times) {
        UUID last = null;
        for (int i = 0; i < times; i++) {
            last = run("AIDAALICE", TaskStatus.SUCCEEDED, USUAL);
        }
        TestMaintenance.updateInsights(DATABASE.database());
        return last;
    }

    /** @param end null for a running task */
    private UUID run(String sender, @Nullable TaskStatus end, String... moves) {
        UUID run = UuidV7.at(TestRecords.START);
        DATABASE.write(message(sender, started(run, null, instruction)));
        for (int i = 0; i < moves.length; i++) {
            DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) VALUES ('"
                    + run + "', " + (i + 1) + ", 'action', '{\"action\":" + action(moves[i]) + "}', now())");
        }
        DATABASE.execute("UPDATE tasks SET total_steps = " + moves.length + " WHERE task_id = '" + run + "'");
        if (end != null) {
            DATABASE.write(message(sender, ended(run, end, moves.length)));
        }
        return run;
    }

    private static String action(String move) {
        String[] parts = move.split(" ");
        String target = parts.length == 1
                ? ""
                : parts[0].equals("Launch")
                        ? ",\"app\":\"" + parts[1] + "\""
                        : parts[0].equals("Swipe")
                                ? ",\"start\":[" + parts[1].replaceFirst("^(\\d+,\\d+),", "$1],\"end\":[") + "]"
                                : ",\"element\":[" + parts[1] + "]";
        return "{\"action\":\"" + parts[0] + "\"" + target + "}";
    }
}
