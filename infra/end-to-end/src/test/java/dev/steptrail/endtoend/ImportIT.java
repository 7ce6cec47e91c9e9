package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imported recordings are read back as they were recorded. */
@Order(6)
class ImportIT {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    /** The loops of all samples and real runs that have some. */
    private static final Map<String, List<List<Integer>>> LOOPS = Map.of(
            "flower-photo-loop.json",
            List.of(List.of(2, 3, 4, 6, 8, 10, 12, 13, 14, 15, 16, 17, 23, 25, 27, 28)),
            "camera-27-steps.json",
            List.of(List.of(4, 8, 9, 10, 12, 13, 22, 25), List.of(5, 7, 14, 26), List.of(15, 16, 20, 27)));

    private static final List<Imports> IMPORTS = new ArrayList<>();

    private final CloudProcess cloud = CloudProcess.shared();

    @BeforeAll
    static void importRecordings() throws Exception {
        IMPORTS.add(Imports.samples());
        IMPORTS.addAll(Imports.realRuns(CloudProcess.shared()));
    }

    static List<Imports> imports() {
        return IMPORTS;
    }

    @Test
    void allSamples_areImported() throws Exception {
        assertThat(Imports.samples().tasks().keySet())
                .containsExactlyElementsOf(Recording.in(Recording.SAMPLES))
                .hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("imports")
    void everyRun_isReadBackAsRecorded(Imports imports) throws Exception {
        for (Map.Entry<Recording, String> imported : imports.tasks().entrySet()) {
            Recording recording = imported.getKey();
            JsonNode metadata = recording.metadata();
            JsonNode task = imports.task(imported.getValue());

            assertThat(task.get("owner").textValue()).isEqualTo("demo");
            assertThat(task.get("name")).isEqualTo(metadata.get("task_name"));
            assertThat(task.get("description")).isEqualTo(metadata.get("description"));
            assertThat(task.get("model")).isEqualTo(metadata.get("model_name"));
            assertThat(task.get("device_id")).isEqualTo(metadata.get("device_id"));
            assertThat(task.get("total_steps").intValue())
                    .isEqualTo(recording.steps().size());
            assertThat(task.get("status").textValue() + " "
                            + task.get("end_reason").textValue())
                    .as(recording.toString())
                    .isEqualTo(recording.finished() ? "succeeded finished" : "failed ended_without_finish");
            assertSteps(imports.steps(imported.getValue()), recording.steps(), imported.getValue());
        }
    }

    private static void assertSteps(JsonNode steps, JsonNode recorded, String taskId) {
        assertThat(steps).as(taskId).hasSize(recorded.size());
        for (int i = 0; i < recorded.size(); i++) {
            JsonNode step = steps.get(i);
            String id = taskId + "." + recorded.get(i).get("step_number");
            assertThat(step.get("step_id").textValue()).isEqualTo(id);
            for (String field : List.of("step_number", "thinking", "success", "error_message")) {
                assertThat(step.get(field))
                        .as(id + " " + field)
                        .isEqualTo(recorded.get(i).get(field));
            }
            assertThat(step.get("action").toString())
                    .as(id)
                    .isEqualTo(recorded.get(i).get("action_data").toString());
            LocalDateTime time =
                    LocalDateTime.parse(recorded.get(i).get("timestamp").textValue());
            assertThat(OffsetDateTime.parse(step.get("timestamp").textValue()).toInstant())
                    .as(id)
                    .isEqualTo(time.atZone(ZONE).toInstant());
            assertThat(step.get("screenshots")).as(id).singleElement().satisfies(screenshot -> {
                assertThat(screenshot.get("role").textValue()).isEqualTo("before");
                assertThat(screenshot.get("format").textValue()).isEqualTo("webp");
                assertThat(screenshot.get("width").intValue()).isEqualTo(1080);
                assertThat(screenshot.get("height").intValue()).isEqualTo(2400);
                assertThat(screenshot.get("screenshot_path")).isEqualTo(step.get("screenshot_path"));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("imports")
    void reports_haveTheLoops_andSuggestHowToFixAMissingApp(Imports imports) throws Exception {
        for (Map.Entry<Recording, String> imported : imports.tasks().entrySet()) {
            String name = imported.getKey().toString();
            assertThat(imports.loops(imported.getValue())).as(name).isEqualTo(LOOPS.getOrDefault(name, List.of()));
            if (name.endsWith("-launch-failed.json")) {
                JsonNode suggestions = imports.report(imported.getValue()).get("suggestions");
                assertThat(suggestions).as(name).singleElement().satisfies(suggestion -> {
                    assertThat(suggestion.get("kind").textValue()).isEqualTo("unknown_app");
                    assertThat(suggestion.get("steps")).hasToString("[1]");
                    assertThat(suggestion.at("/figures/app").textValue()).isIn("航班助手", "天气");
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("imports")
    void secondImport_changesNothing(Imports imports) throws Exception {
        List<String> answers = imports.answers();
        Map<String, Long> rows = imports.rows();

        imports.again();

        assertThat(imports.answers()).isEqualTo(answers); // conflicts would be counted in them
        assertThat(imports.rows())
                .isEqualTo(rows)
                .containsEntry("tasks", (long) imports.tasks().size())
                .containsEntry("rejected_messages", 0L);
    }

    @Test
    void screenshot_isAWebp_thatOnlyItsSignedUrlOpens() throws Exception {
        Api api = cloud.api();
        String task = Imports.samples().taskOf("weather-finished.json");
        JsonNode screenshot = api.json("/api/steps/" + task + ".2/screenshot?redirect=false");
        String url = api.get("/api/steps/" + task + ".2/screenshot").header("location");
        String other = api.get("/api/steps/" + task + ".3/screenshot").header("location");

        Api.Answer picture = Api.open(url);

        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("content-type")).isEqualTo("image/webp");
        assertThat(new String(picture.body(), StandardCharsets.ISO_8859_1)).matches("(?s)RIFF.{4}WEBP.*");
        assertThat(Api.open(screenshot.get("url").textValue()).body()).isEqualTo(picture.body());
        assertThat(screenshot.get("file_size").intValue()).isEqualTo(picture.body().length);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(picture.body());
        assertThat(screenshot.get("file_hash").textValue())
                .isEqualTo(HexFormat.of().formatHex(hash));
        String forged = other.substring(0, other.indexOf('?')) + url.substring(url.indexOf('?'));
        assertThat(Api.open(forged).status()).isEqualTo(403);
    }

    @Test
    void deletedTask_isNotStoredAgain_andImportReportsIt(@TempDir Path folder) throws Exception {
        Path file = Imports.changedSample(folder.resolve("run"), "To be deleted: ");
        Imports run = Imports.into(cloud, file);
        String task = run.taskOf("weather-finished.json");
        Terminal owner = Terminal.of(cloud, cloud.api().token());

        assertThat(cloud.api().call("DELETE", "/api/tasks/" + task).status()).isEqualTo(204);
        Program.Result result = owner.tries("import", "--zone", ZONE, "--outbox", folder.resolve("outbox"), file);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .contains("task " + task + " was deleted at ", "--new-id");
        assertThat(cloud.api().get("/api/tasks/" + task).status()).isEqualTo(404);
        assertThat(cloud.api().get("/api/steps/" + task + ".1/screenshot").status())
                .isEqualTo(404);
        assertThat(run.rows())
                .isEqualTo(Map.of("tasks", 1L, "task_steps", 0L, "step_screenshots", 0L, "rejected_messages", 0L));
    }
}
