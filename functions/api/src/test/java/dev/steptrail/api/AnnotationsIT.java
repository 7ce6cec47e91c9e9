package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.TagRepository;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the routes of tags, labels and notes. */
class AnnotationsIT extends ApiTestBase {
    private static final String ADD_TAG = "PUT /api/tasks/{task_id}/tags/{tag}";
    private static final String REMOVE_TAG = "DELETE /api/tasks/{task_id}/tags/{tag}";
    private static final String LABELS = "GET /api/tasks/{task_id}/labels";
    private static final String ADD_LABEL = "PUT /api/steps/{step_id}/labels/{label}";
    private static final String REMOVE_LABEL = "DELETE /api/steps/{step_id}/labels/{label}";
    private static final String NOTES = "GET /api/tasks/{task_id}/notes";
    private static final String ADD_NOTE = "POST /api/tasks/{task_id}/notes";
    private static final String EDIT_NOTE = "PUT /api/tasks/{task_id}/notes/{note_id}";
    private static final String DELETE_NOTE = "DELETE /api/tasks/{task_id}/notes/{note_id}";

    @BeforeEach
    void writeTask() {
        write(started(task), step(task, 1), step(task, 2));
    }

    @Test
    void tag_isAddedAndRemoved() {
        assertThat(tag(alice, ADD_TAG, "nightly").json().get("tags").toString()).isEqualTo("[\"nightly\"]");
        assertThat(tag(admin, ADD_TAG, "相机 📷").json().get("tags").toString()).isEqualTo("[\"nightly\",\"相机 📷\"]");
        assertThat(tag(alice, REMOVE_TAG, "nightly").status()).isEqualTo(204);

        Api.Answer removedTwice = tag(alice, REMOVE_TAG, "nightly");
        assertProblem(removedTwice, 404, "no-such-tag");
        assertThat(removedTwice.json().get("detail").asText()).isEqualTo("The task does not have the tag \"nightly\".");
        assertThat(alice.get(TASK, task.toString(), "").json().get("tags").toString())
                .isEqualTo("[\"相机 📷\"]");
    }

    @Test
    void tooManyTags_are409() {
        for (int i = 0; i < TagRepository.MAX_TAGS; i++) {
            assertThat(tag(alice, ADD_TAG, "tag-" + i).status()).isEqualTo(200);
        }

        assertProblem(tag(alice, ADD_TAG, "one more"), 409, "too-many-tags");
    }

    @Test
    void tagOfATaskThatIsDeletedMeanwhile_is404() throws Exception {
        CompletableFuture<Api.Answer> answer = DATABASE.database().inTransaction(session -> {
            session.sql("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = ?", task)
                    .update();
            CompletableFuture<Api.Answer> waiting = CompletableFuture.supplyAsync(() -> tag(alice, ADD_TAG, "nightly"));
            while (DATABASE.column("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty()) {
                Thread.onSpinWait();
            }
            return waiting;
        });

        assertProblem(answer.get(1, TimeUnit.MINUTES), 404, "not-found");
    }

    @Test
    void tooManyNotes_are409() {
        DATABASE.execute("INSERT INTO notes (task_id, step_number, author, text) SELECT '" + task
                + "', 1, 'alice', 'x' FROM generate_series(1, 999) AS i");

        assertThat(alice.call(ADD_NOTE, task.toString(), "", "{\"text\":\"x\"}").status())
                .isEqualTo(201);
        assertProblem(alice.call(ADD_NOTE, task.toString(), "", "{\"text\":\"x\"}"), 409, "too-many-notes");
    }

    @Test
    void tooManyLabelsOfAStep_are409_butThoseThatItHasAreNot() {
        for (int i = 0; i < StepLabelRepository.MAX_PER_STEP; i++) {
            assertThat(label(alice, ADD_LABEL, 1, "label-" + i).status()).isEqualTo(200);
        }

        assertProblem(label(alice, ADD_LABEL, 1, "one more"), 409, "too-many-labels");
        assertProblem(label(alice, REMOVE_LABEL, 1, "one more"), 404, "no-such-label");
        assertThat(label(alice, ADD_LABEL, 1, "label-0").status()).isEqualTo(200);
        assertThat(label(alice, ADD_LABEL, 2, "one more").status()).isEqualTo(200);
    }

    @Test
    void tooManyLabelsOfATask_are409() {
        DATABASE.execute("INSERT INTO step_labels (task_id, step_number, label, author) SELECT '" + task
                + "', 2 + i, 'bad', 'alice' FROM generate_series(1, 9999) AS i");

        assertThat(label(alice, ADD_LABEL, 1, "bad").status()).isEqualTo(200);
        assertProblem(label(alice, ADD_LABEL, 2, "bad"), 409, "too-many-labels");
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 51, 10_240})
    void tagsAndLabels_haveAtMost50Characters(int length) {
        int expected = length > 50 ? 400 : 200;

        Api.Answer tag = tag(alice, ADD_TAG, "📷".repeat(length));
        Api.Answer label = label(alice, ADD_LABEL, 1, "x".repeat(length));

        assertThat(tag.status()).isEqualTo(expected);
        assertThat(label.status()).isEqualTo(expected);
        if (expected == 400) {
            assertThat(tag.json().get("detail").asText())
                    .isEqualTo("tag: must be 1 to 50 characters, without control characters, but is \""
                            + "📷".repeat(20) + "…\".");
            assertThat(label.json().get("detail").asText()).startsWith("label: must be 1 to 50 characters");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "100%", "a\tb", "\u0000", "\uD800", "\uFFFD"})
    void invalidTagOrLabel_isRejected(String text) {
        assertThat(tag(alice, ADD_TAG, text).status()).isEqualTo(400);
        assertThat(label(alice, ADD_LABEL, 1, text).status()).isEqualTo(400);
        assertThat(tag(alice, REMOVE_TAG, text).status()).isEqualTo(404);
        assertThat(label(alice, REMOVE_LABEL, 1, text).status()).isEqualTo(404);
    }

    @Test
    void label_isAddedAndRemoved() {
        JsonNode added = label(alice, ADD_LABEL, 2, "unnecessary").json();
        assertThat(added.get("author").asText()).isEqualTo("alice");
        assertThat(added.get("step_number").asInt()).isEqualTo(2);
        assertThat(label(admin, ADD_LABEL, 2, "unnecessary").json()).isEqualTo(added);
        label(alice, ADD_LABEL, 1, "a|b");

        List<List<JsonNode>> pages = alice.pages(LABELS, task.toString(), "limit=1", "labels");
        assertThat(pages.get(0).get(0).get("label").asText()).isEqualTo("a|b");
        assertThat(pages.subList(1, pages.size())).containsExactly(List.of(added));
        assertThat(label(alice, REMOVE_LABEL, 2, "unnecessary").status()).isEqualTo(204);
        assertProblem(label(alice, REMOVE_LABEL, 2, "unnecessary"), 404, "no-such-label");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "  spaced  ", "\u00a0a", "a\u3000"})
    void tagOrLabel_withWhiteSpaceAtAnEnd_isRejected(String text) {
        String rule = ": must not be blank, or start or end with white space, but is \"" + text + "\".";
        Api.Answer tag = tag(alice, ADD_TAG, text);
        Api.Answer label = label(alice, ADD_LABEL, 1, text);

        assertProblem(tag, 400, "bad-request");
        assertThat(tag.json().get("detail").asText()).isEqualTo("tag" + rule);
        assertProblem(label, 400, "bad-request");
        assertThat(label.json().get("detail").asText()).isEqualTo("label" + rule);
    }

    @Test
    void labelOrNote_onAStepThatDoesNotExist_is404() {
        Api.Answer label = label(alice, ADD_LABEL, 3, "bad");
        assertProblem(label, 404, "no-such-step");
        assertThat(label.json().get("detail").asText()).isEqualTo("The task has no step \"3\".");
        assertProblem(
                alice.call(ADD_NOTE, task.toString(), "", "{\"text\":\"x\",\"step_number\":3}"), 404, "no-such-step");
        for (String stepId : List.of(task + ".0", task + ".99999999999", task.toString(), "x.1", "")) {
            Api.Answer answer = alice.call(ADD_LABEL, Map.of("step_id", stepId, "label", "bad"), "", null, null);
            assertProblem(answer, 404, "not-found");
        }
    }

    @Test
    void note_isAddedEditedAndDeletedByItsAuthor() {
        JsonNode onTask = addNote(alice, "{\"text\":\"Look\\nat 相机\"}");
        JsonNode onStep = addNote(alice, "{\"text\":\"here\",\"step_number\":2}");
        assertThat(onTask.get("author").asText()).isEqualTo("alice");
        assertThat(onTask.get("step_number").isNull()).isTrue();
        assertThat(onStep.get("step_number").asInt()).isEqualTo(2);

        JsonNode edited = note(alice, EDIT_NOTE, onTask, "{\"text\":\"Done\"}").json();

        assertThat(edited.get("text").asText()).isEqualTo("Done");
        assertThat(edited.get("edited_at").isTextual()).isTrue();
        assertThat(alice.pages(NOTES, task.toString(), "limit=1", "notes"))
                .containsExactly(List.of(onStep), List.of(edited));
        assertThat(note(alice, DELETE_NOTE, onTask, null).status()).isEqualTo(204);
        assertProblem(note(alice, DELETE_NOTE, onTask, null), 404, "no-such-note");
        assertProblem(note(alice, EDIT_NOTE, onTask, "{\"text\":\"Done\"}"), 404, "no-such-note");
    }

    @Test
    void noteOfAnotherAuthor_canBeDeletedByAnAdminOnly_andEditedByNoOne() {
        JsonNode ofAlice = addNote(alice, "{\"text\":\"mine\"}");
        JsonNode ofAdmin = addNote(admin, "{\"text\":\"from support\"}");

        assertProblem(note(admin, EDIT_NOTE, ofAlice, "{\"text\":\"x\"}"), 403, "not-the-author");
        assertProblem(note(alice, EDIT_NOTE, ofAdmin, "{\"text\":\"x\"}"), 403, "not-the-author");
        assertProblem(note(alice, DELETE_NOTE, ofAdmin, null), 403, "not-the-author");
        assertThat(note(admin, DELETE_NOTE, ofAlice, null).status()).isEqualTo(204);
        assertThat(note(admin, EDIT_NOTE, ofAdmin, "{\"text\":\"edited\"}").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | text: must be 1 to 10000 characters, without null characters.",
                "{\"text\":\"\"} | text: must be 1 to 10000 characters, without null characters.",
                "{\"text\":\"  \\n\"} | text: must not be blank, but is \"  ?\".",
                "{\"text\":7} | text: must be 1 to 10000 characters, without null characters.",
                "{\"text\":\"a\\u0000\"} | text: must be 1 to 10000 characters, without null characters, but is \"a?\".",
                "{\"text\":\"x\",\"step_number\":0} | step_number: must be a whole number from 1 to 2147483647, but is 0.",
                "{\"text\":\"x\",\"step_number\":null} | step_number: must be a whole number from 1 to 2147483647, but is null.",
                "{\"text\":\"x\",\"step_number\":2147483648} | step_number: must be a whole number from 1 to 2147483647, but is 2147483648.",
                "{\"text\":\"x\",\"author\":\"bob\"} | The request body has an unknown field \"author\"; allowed",
            })
    void invalidNote_isRejectedWithItsReason(String body, String detail) {
        Api.Answer answer = alice.call(ADD_NOTE, task.toString(), "", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).startsWith(detail);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 10_001})
    void note_hasAtMost10000Characters(int length) {
        Api.Answer answer = alice.call(ADD_NOTE, task.toString(), "", "{\"text\":\"" + "相".repeat(length) + "\"}");

        assertThat(answer.status()).isEqualTo(length > 10_000 ? 400 : 201);
    }

    private Api.Answer tag(Api caller, String route, String tag) {
        return caller.call(route, Map.of("task_id", task.toString(), "tag", tag), "", null, null);
    }

    private Api.Answer label(Api caller, String route, int step, String label) {
        return caller.call(route, Map.of("step_id", task + "." + step, "label", label), "", null, null);
    }

    private JsonNode addNote(Api caller, String body) {
        Api.Answer added = caller.call(ADD_NOTE, task.toString(), "", body);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        return added.json();
    }

    private Api.Answer note(Api caller, String route, JsonNode note, String body) {
        Map<String, String> path = Map.of(
                "task_id", task.toString(), "note_id", note.get("note_id").asText());
        return caller.call(route, path, "", body, null);
    }

    private static void assertProblem(Api.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:" + type);
    }
}
