package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.store.TestRecords;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that reports of tasks with megabytes of text fit into one response. */
@Tag("slow")
class LargeReportIT extends LargeTasksTestBase {
    private static final String REPORT = ApiTestBase.REPORT;

    @Test
    void longNotes_areShortened_andThoseThatDoNotFitAreOmitted_butNoOtherLists() {
        writeFor("AIDAALICE", TestRecords.step(task, 1), failed(2, "App not found"));
        DATABASE.execute("INSERT INTO notes (task_id, author, text) SELECT '" + task
                + "', 'ann', repeat('相', 10000) FROM generate_series(1, 700)");

        JsonNode shortened = alice.get(REPORT, task).json();

        assertThat(shortened.get("errors").findValuesAsText("error_message")).contains("App not found");
        assertThat(shortened.get("timeline")).hasSize(2);
        assertThat(shortened.get("notes")).hasSize(700);
        assertThat(shortened.at("/notes/699/text").asText()).isEqualTo("相".repeat(999) + "…");
        assertThat(shortened.get("judgements_truncated").asBoolean()).isTrue();

        DATABASE.execute("INSERT INTO verdicts (task_id, name, value, source, judge, reason, judged_at) SELECT '" + task
                + "', 'success', 'pass', 'automatic', 'judge-' || n, repeat('相', 10000), now()"
                + " FROM generate_series(1, 1000) AS n");

        Api.Answer omitted = alice.get(REPORT, task);

        assertThat(answerLength(omitted)).isLessThan(MAX_ANSWER);
        assertThat(omitted.json().get("verdicts")).hasSize(1000);
        assertThat(omitted.json().get("notes")).hasSizeBetween(300, 699);
        assertThat(omitted.json().get("judgements_truncated").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001", "\"", "相"})
    void reportOfAnyCharacters_fitsIntoOneResponse(String character) {
        writeFor(
                "AIDAALICE",
                started(task, character.repeat(LONG_TEXT), character.repeat(1000)),
                ended(task, character.repeat(LONG_TEXT)),
                losses(task));
        writeFor(
                "AIDAALICE",
                IntStream.rangeClosed(1, 1000)
                        .mapToObj(number -> failed(number, number + character.repeat(2000)))
                        .toArray(StepRecord[]::new));
        DATABASE.execute("INSERT INTO notes (task_id, author, text) SELECT '" + task
                + "', 'ann', repeat('相', 1000) FROM generate_series(1, 50)");

        Api.Answer report = alice.get(REPORT, task);

        assertThat(report.status()).isEqualTo(200);
        assertThat(answerLength(report)).isLessThan(MAX_ANSWER);
        assertThat(report.json().get("failed_steps").asInt()).isEqualTo(1000);
        assertThat(report.text("/errors/0/error_message")).isEqualTo("1" + character.repeat(1999));
        assertThat(report.json().get("errors")).hasSizeGreaterThan(80);
        assertThat(report.json().get("steps_by_type").get("error").asInt()).isEqualTo(1000);
        assertThat(report.json().get("notes")).hasSize(50);
        assertThat(report.json().get("judgements_truncated").asBoolean()).isFalse();
    }

    @Test
    void reportOfALongTask_summarisesItsFirstFailedAndLastSteps_withExactTotals() {
        writeFor("AIDAALICE", started(task, "long", "long"));
        DATABASE.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, duration_ms, success, error_message,"
                        + " created_at) SELECT '" + task
                        + "', n, CASE WHEN n BETWEEN 10001 AND 14999 THEN 'omitted' ELSE"
                        + " 'action' END, '{}', n, n NOT IN (9, 12345, 24999), CASE WHEN n = 12345 THEN 'lost' END,"
                        + " timestamptz '2026-03-01T10:00:00Z' + n * interval '1 second' FROM generate_series(1, 25000) AS n"
                        + " WHERE n <> 20000");
        long total = 25_000L * 25_001 / 2 - 20_000;
        DATABASE.execute("UPDATE tasks SET total_steps = 24999, successful_steps = 24996, failed_steps = 3,"
                + " total_duration_ms = " + total + " WHERE task_id = '" + task + "'");

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("truncated").asBoolean()).isTrue();
        assertThat(report.get("summarised_steps").asInt()).isEqualTo(20_000);
        assertThat(report.get("total_steps").asInt()).isEqualTo(24_999);
        assertThat(report.get("failed_steps").asInt()).isEqualTo(3);
        assertThat(report.get("step_durations").get("total_ms").asLong()).isEqualTo(total);
        assertThat(report.get("step_durations").get("p50_ms").asDouble()).isBetween(10_000.0, 15_000.0);
        assertThat(report.get("step_intervals").get("longest_ms").asLong()).isEqualTo(1000);
        assertThat(report.get("steps_by_type").toString()).isEqualTo("{\"action\":20000}");
        assertThat(report.get("errors").findValuesAsText("step_number")).containsExactly("9", "12345", "24999");
        assertThat(report.get("error_causes").findValuesAsText("cause")).contains("lost");
        assertThat(report.get("missing_steps").toString()).isEqualTo("[{\"first\":20000,\"last\":20000}]");
        JsonNode timeline = report.get("timeline");
        assertThat(timeline.get(0).get("first_step").asInt()).isEqualTo(1);
        assertThat(timeline.get(timeline.size() - 1).get("last_step").asInt()).isEqualTo(25_000);
        assertThat(alice.get(REPORT, task, "format=md").body())
                .contains("20000 of 24999 steps", "of the summarised steps");
    }

    @Test
    void reportOfTwentyThousandSteps_isComplete_andCountsEachOnce() {
        writeFor("AIDAALICE", started(task, "long", "long"));
        DATABASE.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, duration_ms, success, created_at)"
                        + " SELECT '" + task
                        + "', 2 * n, 'action', '{}', n, n <> 9999, now() FROM generate_series(1, 20000) AS n");

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("truncated").asBoolean()).isFalse();
        assertThat(report.get("summarised_steps").asInt()).isEqualTo(20_000);
        assertThat(report.get("steps_by_type").toString()).isEqualTo("{\"action\":20000}");
        assertThat(report.get("step_durations").get("total_ms").asLong()).isEqualTo(20_000L * 20_001 / 2);
        assertThat(report.get("errors").findValuesAsText("step_number")).containsExactly("19998");
    }

    @Test
    void csvOfStepsWithMegabytesOfUnknownFields_readsALimitedNumber() {
        writeFor("AIDAALICE", started(task, "long", "long"));
        DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '"
                + task + "', n, 'action', json_build_object('note', repeat('x', 250000)), now()"
                + " FROM generate_series(1, 200) AS n");

        Api.Answer report = alice.get(REPORT, task, "format=csv");

        assertThat(report.body()).contains("\r\n127,", "Steps from 128 on are omitted because of the size limit");
    }

    @Test
    void lostScreenshotsOfManySteps_areCountedOncePerStepAfterTheFirst1000() {
        writeFor("AIDAALICE", started(task, "long", "long"));
        DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '"
                + task + "', n, 'action', '{\"lost_screenshots\":[{\"role\":\"after\",\"count\":2}]}', now()"
                + " FROM generate_series(1, 1200) AS n");

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("total_lost_screenshots").asInt()).isEqualTo(2 * 1000 + 200);
        assertThat(report.get("lost_screenshots")).hasSize(1000);
    }

    private Step failed(int number, String error) {
        Step step = with(TestRecords.step(task, number), "stepType", StepType.ERROR, "thinking", null, "action", null);
        return with(step, "success", false, "errorMessage", error);
    }
}
