package dev.steptrail.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Request;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail tag}, {@code steptrail label} and {@code steptrail note}. */
class AnnotationsTest extends ApiTestBase {
    private static final String PATH = "/api/tasks/" + TASK;
    private static final String LABELS = "/api/steps/" + TASK + ".3/labels/";
    private static final Response NO_CONTENT = new Response(204, Map.of(), new byte[0]);
    private static final Response TAGGED = Response.json(200, "{\"task_id\":\"x\",\"tags\":[\"camera\",\"nightly\"]}");
    private static final String LABEL =
            "{\"step_number\":3,\"label\":\"bad\",\"author\":\"ann\",\"labelled_at\":\"2026-05-14T09:41:00Z\"}";
    private static final String NOTE =
            "{\"note_id\":9,\"step_number\":3,\"author\":\"ann\",\"text\":\"Look\\nat this\","
                    + "\"created_at\":\"2026-05-14T09:41:00Z\",\"edited_at\":null}";

    @Test
    void tagAdd_addsEachTag_andPrintsAllTags() {
        api.on("PUT " + PATH + "/tags/nightly", TAGGED);
        api.on("PUT " + PATH + "/tags/a%2Bb%20%E7%9B%B8", TAGGED);
        api.on("GET " + PATH, TAGGED);

        Run run = api.run("tag", "add", TASK, "nightly", "a+b 相");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip()).isEqualTo("camera, nightly");
        assertThat(api.run("tag", "list", TASK, "--json").out().strip())
                .isEqualTo("{\"tags\":[\"camera\",\"nightly\"]}");
    }

    @Test
    void tagWithAComma_isQuoted() {
        api.on("GET " + PATH, Response.json(200, "{\"tags\":[\"a,b\",\"c\"]}"));

        assertThat(api.run("tag", "list", TASK).out().strip()).isEqualTo("\"a,b\", c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag add TASK", "tag remove TASK", "tag add TASK TASK", "label add TASK 1", "tasks --tag"})
    void longTagsAndControlCharacters_areReported_withoutARequest(String command) {
        for (String text : List.of("x".repeat(10_240), "a\tb", "é".repeat(51))) {
            Run run = api.run(
                    Stream.concat(Stream.of(command.replace("TASK", TASK).split(" ")), Stream.of(text))
                            .toArray(String[]::new));

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .contains(" must be 1 to 50 characters, without control characters, but is '")
                    .hasSizeLessThan(250);
        }
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void tagsAndLabels_withWhiteSpaceAtAnEnd_areReported_withoutARequest() {
        assertThat(api.run("tag", "add", TASK, " ").err())
                .contains("a tag must not be blank, or start or end with white");
        assertThat(api.run("label", "add", TASK, "1", "bad ").exitCode()).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 414, 431})
    void requestThatAGatewayRejects_isReportedAsTheCause(int status) {
        api.on("GET " + PATH, new Response(status, Map.of(), "<html>".getBytes(StandardCharsets.UTF_8)));

        Run run = api.run("tag", "list", TASK);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().strip())
                .isEqualTo("steptrail: " + api.address() + " rejected the request with status " + status
                        + "; check the arguments of the command, which may be too long or contain control characters");
    }

    @Test
    void tagRemove_continuesAfterATagThatTheTaskDoesNotHave() {
        api.on(
                "DELETE " + PATH + "/tags/old",
                Response.problem(404, "no-such-tag", "The task does not have this tag."));
        api.on("DELETE " + PATH + "/tags/new", NO_CONTENT);
        api.on("GET " + PATH, Response.json(200, "{\"tags\":[]}"));

        Run run = api.run("tag", "remove", TASK, "old", "new");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().strip()).isEqualTo("steptrail: old: The task does not have this tag.");
        assertThat(run.out().strip()).isEqualTo("-");
        assertThat(api.requestLines()).contains("DELETE " + PATH + "/tags/new");
    }

    @Test
    void label_isAddedListedAndRemoved() {
        api.on("PUT " + LABELS + "bad", Response.json(200, LABEL));
        api.on("DELETE " + LABELS + "bad", NO_CONTENT);
        api.on(
                "GET " + PATH + "/labels?limit=1000",
                Response.json(200, "{\"labels\":[" + LABEL + "],\"next_cursor\":null}"));

        assertThat(api.run("label", "add", TASK, "3", "bad").out().strip()).isEqualTo("labelled step 3: bad");
        assertThat(api.run("label", "list", TASK).out().lines())
                .containsExactly(
                        "STEP  AUTHOR  LABELLED AT                LABEL",
                        "3     ann     2026-05-14T17:41:00+08:00  bad");
        assertThat(api.run("label", "remove", TASK, "3", "bad").out().strip()).isEqualTo("removed from step 3: bad");
    }

    @Test
    void note_isAddedListedEditedAndDeleted() {
        api.on("POST " + PATH + "/notes", Response.json(201, NOTE));
        api.on("PUT " + PATH + "/notes/9", Response.json(200, NOTE));
        api.on("DELETE " + PATH + "/notes/9", NO_CONTENT);
        api.on(
                "GET " + PATH + "/notes?limit=1000",
                Response.json(200, "{\"notes\":[" + NOTE + "],\"next_cursor\":null}"));

        assertThat(api.run("note", "add", TASK, "Look", "--step", "3").out().strip())
                .isEqualTo("added note 9");
        assertThat(api.run("note", "add", TASK, "Look").exitCode()).isZero();
        assertThat(api.run("note", "list", TASK).out().lines())
                .containsExactly(
                        "NOTE  STEP  AUTHOR  CREATED AT                 EDITED AT  TEXT",
                        "9     3     ann     2026-05-14T17:41:00+08:00  -          Look at this");
        assertThat(api.run("note", "edit", TASK, "9", "Done").out().strip()).isEqualTo("edited note 9");
        assertThat(api.run("note", "delete", TASK, "9").out().strip()).isEqualTo("deleted note 9");
        assertThat(api.requests())
                .extracting(Request::body)
                .containsExactly(
                        "{\"text\":\"Look\",\"step_number\":3}", "{\"text\":\"Look\"}", "", "{\"text\":\"Done\"}", "");
    }

    @Test
    void noteOfAnotherAuthor_isReportedWithTheReason() {
        api.on("PUT " + PATH + "/notes/9", Response.problem(403, "not-the-author", "Another user wrote this note."));

        Run run = api.run("note", "edit", TASK, "9", "Done");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().strip()).isEqualTo("steptrail: Another user wrote this note.");
    }
}
