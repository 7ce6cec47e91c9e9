package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.TestMaintenance;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.jdbc.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the report of a task. */
class ReportIT extends ApiTestBase {
    @Test
    void report_containsTotalsOfTheSteps() {
        write(started(task), step(task, 2), step(task, 3), step(task, 5), ended(task, TaskStatus.FAILED, 8));

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("end_reason").asText()).isEqualTo("ended_without_finish");
        assertThat(report.get("total_steps").asInt()).isEqualTo(3);
        assertThat(report.get("successful_steps").asInt()).isEqualTo(2);
        assertThat(report.get("failed_steps").asInt()).isEqualTo(1);
        assertThat(report.get("step_success_rate").asDouble()).isEqualTo(0.667);
        assertThat(report.get("elapsed_ms").asLong()).isEqualTo(8000);
        assertThat(report.get("total_duration_ms").asLong()).isEqualTo(1000);
        assertThat(report.get("step_durations").toString())
                .isEqualTo(
                        "{\"total_ms\":1000,\"mean_ms\":333.333,\"p50_ms\":300.0,\"p95_ms\":480.0,\"longest_ms\":500}");
        assertThat(report.get("steps_by_type").toString()).isEqualTo("{\"action\":2,\"error\":1}");
        assertThat(report.get("steps_by_action").toString()).isEqualTo("{\"Tap\":2,\"Wait\":1}");
        assertThat(report.get("errors").toString())
                .isEqualTo("[{\"step_number\":5,\"step_type\":\"error\",\"action\":\"Tap\","
                        + "\"error_message\":\"App not found: 相机\"}]");
        assertThat(report.get("error_causes").toString())
                .isEqualTo("[{\"cause\":\"App not found: 相机\",\"count\":1,\"first_step\":5,\"last_step\":5}]");
        assertThat(report.get("step_intervals").get("longest_ms").asInt()).isEqualTo(1000);
        assertThat(report.get("gaps_between_steps").get("longest_ms").asInt()).isEqualTo(700);
        assertThat(report.get("model_time").get("total_ms").asInt()).isEqualTo(240);
        assertThat(report.get("timeline")).hasSize(3);
        assertThat(report.get("timeline").get(1).toString())
                .isEqualTo(
                        "{\"first_step\":3,\"last_step\":3,\"steps\":1,\"errors\":0,\"unknown\":0,\"at\":\"2026-03-01T10:00:03Z\","
                                + "\"duration_ms\":300,\"step_type\":\"action\",\"action\":\"Tap\"}");
        assertThat(report.get("missing_steps").toString())
                .isEqualTo("[{\"first\":1,\"last\":1},{\"first\":4,\"last\":4},{\"first\":6,\"last\":8}]");
    }

    @Test
    void taskWithoutSteps_thatEndedBeforeItsStart_hasNoTimes() {
        Instant before = TestRecords.START.minusSeconds(60);
        write(started(task), new TaskEnded(task, before, TaskStatus.FAILED, null, null, null, List.of(), Map.of()));

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("elapsed_ms").isNull()).isTrue();
        assertThat(report.get("step_success_rate").isNull()).isTrue();
        assertThat(report.at("/step_durations/p50_ms").isNull()).isTrue();
        assertThat(report.get("missing_steps")).isEmpty();
        assertThat(alice.get(REPORT, task, "format=md").body())
                .contains("| Ended |")
                .doesNotContain("| Total time |");
    }

    @Test
    void report_containsLostScreenshotsOfStepsAndLossesOfTheRecorder() {
        write(
                started(task),
                step(task, 1)
                        .withScreenshots(List.of(), List.of(lost("before", "no file"), lost("after", "x".repeat(300)))),
                step(task, 2),
                step(task, 3, "odd", Map.of("lost_screenshots", List.of("a text", 7, Map.of("role", "other")))),
                step(task, 4, "odd", Map.of("lost_screenshots", "two")),
                new Losses(
                        task,
                        TestRecords.START.plusSeconds(5),
                        Map.of("queue_full", 3L),
                        Map.of("not_an_image", 2L),
                        Map.of()));

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("total_lost_screenshots").asInt()).isEqualTo(5);
        assertThat(report.get("lost_screenshots").toString())
                .isEqualTo("[{\"step_number\":1,\"role\":\"before\",\"reason\":\"no file\",\"count\":1},"
                        + "{\"step_number\":1,\"role\":\"after\",\"reason\":\"" + "x".repeat(200) + "\",\"count\":1},"
                        + "{\"step_number\":3,\"role\":null,\"reason\":null,\"count\":1},"
                        + "{\"step_number\":3,\"role\":null,\"reason\":null,\"count\":1},"
                        + "{\"step_number\":3,\"role\":\"other\",\"reason\":null,\"count\":1}]");
        assertThat(alice.get(REPORT, task, "format=md").body())
                .contains(
                        "| Steps | queue\\_full | 3 |",
                        "| Screenshots | not\\_an\\_image | 2 |",
                        "| 1 | before | no file | 1 |");
        assertThat(report.get("dropped_screenshots").asInt()).isEqualTo(2);
        assertThat(report.get("losses").get("dropped_screenshots").toString()).isEqualTo("{\"not_an_image\":2}");
        JsonNode steps = alice.get(STEPS, task).json().get("steps");
        assertThat(steps.get(0).get("lost_screenshots").get(0).get("reason").asText())
                .isEqualTo("no file");
        assertThat(steps.get(1).has("lost_screenshots")).isFalse();
    }

    @Test
    void keyScreenshots_areTheFirst_thatOfTheFirstErrorOfEachCause_andTheLast() {
        write(IntStream.rangeClosed(1, 11)
                .mapToObj(number -> withScreenshot(step(task, number), FrameRole.AFTER, key(number + ".webp")))
                .toArray(StepRecord[]::new));

        JsonNode shown = alice.get(REPORT, task).json().get("key_screenshots");

        assertThat(shown.findValuesAsText("reason")).containsExactly("first", "failure", "last");
        assertThat(shown.findValuesAsText("step_number")).containsExactly("1", "5", "11");
        assertThat(shown.get(1).toString())
                .isEqualTo("{\"reason\":\"failure\",\"step_id\":\"" + task
                        + ".5\",\"step_number\":5,\"screenshot_index\":0," + "\"role\":\"after\",\"sensitive\":false}");
    }

    @Test
    void invalidModelTime_isIgnored() {
        write(
                step(task, 1),
                timed(2, 81.9),
                timed(3, "80"),
                timed(4, "80 ms"),
                timed(5, -1),
                timed(6, new BigDecimal("1e400")),
                timed(7, Map.of("of", 3)),
                timed(8, 12_345_678_901L));

        JsonNode time = alice.get(REPORT, task).json().get("model_time");

        assertThat(time.get("total_ms").asInt()).isEqualTo(80 + 81 + 80);
    }

    private Step timed(int number, Object modelMs) {
        return with(step(task, number), "timings", Map.of("model_ms", modelMs));
    }

    @Test
    void report_containsTheFirst1000Judgements_andTheNumberOfAll_withoutDeletedVerdicts() {
        write(started(task), step(task, 1));
        DATABASE.execute("""
                INSERT INTO verdicts (task_id, name, value, source, judge, judged_at, deleted_at)
                SELECT '%1$s', 'success', 'pass', 'automatic', 'judge-' || n, now(), CASE n WHEN 7 THEN now() END
                  FROM generate_series(1, 1203) AS n;
                INSERT INTO step_labels (task_id, step_number, label, author)
                SELECT '%1$s', 1, 'label-' || n, 'ann' FROM generate_series(1, 1204) AS n;
                INSERT INTO notes (task_id, author, text)
                SELECT '%1$s', 'ann', 'note-' || n FROM generate_series(1, 1000) AS n
                """.formatted(task));

        JsonNode report = alice.get(REPORT, task).json();
        String markdown = alice.get(REPORT, task, "format=md").body();

        assertThat(report.get("verdicts")).hasSize(1000);
        assertThat(report.get("labels")).hasSize(1000);
        assertThat(report.get("notes")).hasSize(1000);
        assertThat(report.get("total_verdicts").asInt()).isEqualTo(1202);
        assertThat(report.get("total_labels").asInt()).isEqualTo(1204);
        assertThat(report.get("total_notes").asInt()).isEqualTo(1000);
        assertThat(report.get("judgements_truncated").asBoolean()).isTrue();
        assertThat(markdown).contains("| and 1102 more |", "| and 1104 more |", "| and 900 more |");

        DATABASE.execute(
                "UPDATE verdicts SET deleted_at = now() WHERE judge <> 'judge-8' AND task_id = '" + task + "'");
        report = alice.get(REPORT, task).json();
        assertThat(report.get("verdicts").findValuesAsText("evaluator")).containsExactly("judge-8");
        assertThat(report.get("total_verdicts").asInt()).isEqualTo(1);
        assertThat(alice.get(REPORT, task, "format=md").body())
                .contains("| judge-8 |")
                .doesNotContain("judge-9");
    }

    @Test
    void report_containsTheStoredFindings() {
        write(started(task), step(task, 1), step(task, 4));
        try (Database connection = DATABASE.database()) {
            TestMaintenance.processChangedTasks(connection);
        }

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("findings").toString())
                .isEqualTo("[{\"kind\":\"gap\",\"steps\":[2,3],\"detail\":{\"total\":2,\"dropped_steps\":0}}]");
    }

    @Test
    void report_containsLoopsByScreenshot() {
        write(started(task));
        DATABASE.execute("""
                INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)
                SELECT '%1$s', n, 'action', '{"action":{"action":"Tap","element":[1,2]}}', now()
                  FROM generate_series(1, 6) AS n;
                UPDATE task_steps SET screenshot_path = 'screenshots/a' WHERE task_id = '%1$s';
                INSERT INTO step_screenshots
                       (task_id, step_number, screenshot_index, role, screenshot_path, file_hash, file_size, original_size, width, height,
                        format, compressed, sensitive, redacted_regions, perceptual_hash)
                SELECT '%1$s', n, 0, 'before', 'screenshots/a', 'h', 1, 1, 1, 1, 'webp', true, false, '[]',
                       CASE WHEN n > 2 THEN '0123456789abcdef' ELSE lpad(to_hex(n * 4369 << n), 16, 'f') END
                  FROM generate_series(1, 6) AS n
                """.formatted(task));

        JsonNode report = alice.get(REPORT, task).json();

        assertThat(report.get("findings").toString())
                .isEqualTo(
                        "[{\"kind\":\"loop\",\"steps\":[3,4,5,6],\"detail\":{\"action\":\"Tap\",\"count\":4,"
                                + "\"first_action\":\"{\\\"action\\\":\\\"Tap\\\",\\\"element\\\":[1,2]}\",\"screen\":\"unchanged\"}}]");
        assertThat(report.get("suggestions").get(0).get("kind").asText()).isEqualTo("repeated_touch");
        assertThat(report.get("suggestions").get(0).get("steps").toString()).isEqualTo("[3,4,5]");
    }

    private static Map<String, Object> lost(String role, String reason) {
        return Map.of("role", role, "reason", reason);
    }

    @Test
    void csvAndMarkdown_areFiles_inTheRequestedLanguage() {
        write(started(task), step(task, 1), step(task, 5), ended(task, TaskStatus.FAILED, 5));

        Api.Answer csv = alice.get(REPORT, task, "format=csv");
        Api.Answer english = alice.get(REPORT, task, "format=md");
        Api.Answer chinese = alice.get(REPORT, task, "format=md&lang=zh");

        assertThat(csv.headers())
                .containsEntry("content-type", "text/csv; charset=utf-8")
                .containsEntry("content-disposition", "attachment; filename=\"" + task + ".csv\"");
        assertThat(csv.body().lines().filter(line -> line.matches("[15],2026-.*")))
                .hasSize(2);
        assertThat(english.headers())
                .containsEntry("content-type", "text/markdown; charset=utf-8")
                .containsEntry("content-disposition", "attachment; filename=\"" + task + ".md\"");
        assertThat(english.body()).contains("| End reason | failed with a message |", "App not found: 相机");
        assertThat(chinese.body()).contains("| 结束原因 | 失败（见消息） |", "App not found: 相机");
    }
}
