package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.store.judgements.StepLabelRepository;
import dev.steptrail.store.judgements.TagRepository;
import java.util.List;
import java.util.Map;
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
        assertThat(removedTwice.problem()).isEqualTo("404 no-such-tag");
        assertThat(removedTwice.detail()).isEqualTo("The task does not have the tag \"nightly\".");
        assertThat(alice.get(TASK, task).json().get("tags").toString()).isEqualTo("[\"相机 📷\"]");
    }

    @Test
    void tooManyTagsLabelsOrNotes_are409() {
        DATABASE.execute("""
                UPDATE tasks SET tags = ARRAY(SELECT 'tag-' || n FROM generate_series(1, %2$d) AS n) WHERE task_id = '%1$s';
                INSERT INTO step_labels (task_id, step_number, label, author)
                SELECT '%1$s', 2 + n, 'bad', 'alice' FROM generate_series(1, 9999) AS n;
                INSERT INTO notes (task_id, step_number, author, text)
                SELECT '%1$s', 1, 'alice', 'x' FROM generate_series(1, 999) AS n
                """.formatted(task, TagRepository.MAX_TAGS));

        assertThat(label(alice, ADD_LABEL, 1, "bad").status()).isEqualTo(200);
        addNote(alice, "{\"text\":\"x\"}");

        assertThat(tag(alice, ADD_TAG, "one more").problem()).isEqualTo("409 too-many-tags");
        assertThat(label(alice, ADD_LABEL, 2, "bad").problem()).isEqualTo("409 too-many-labels");
        assertThat(alice.call(ADD_NOTE, task, "", "{\"text\":\"x\"}").problem()).isEqualTo("409 too-many-notes");
    }

    @Test
    void tooManyLabelsOfAStep_are409_butThoseThatItHasAreNot() {
        for (int i = 0; i < StepLabelRepository.MAX_PER_STEP; i++) {
            assertThat(label(alice, ADD_LABEL, 1, "label-" + i).status()).isEqualTo(200);
        }

        assertThat(label(alice, ADD_LABEL, 1, "one more").problem()).isEqualTo("409 too-many-labels");
        assertThat(label(alice, REMOVE_LABEL, 1, "one more").problem()).isEqualTo("404 no-such-label");
        assertThat(label(alice, ADD_LABEL, 1, "label-0").status()).isEqualTo(200);
        assertThat(label(alice, ADD_LABEL, 2, "one more").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "a\\b",
                "100%",
                "a\tb",
                "\u0000",
                "\uD800",
                "\uFFFD",
                " ",
                "  spaced  ",
                "\u00a0a",
                "a\u3000"
            })
    void invalidTagOrLabel_isRejected(String text) {
        assertThat(tag(alice, ADD_TAG, text).badRequest()).startsWith("tag: must ");
        assertThat(label(alice, ADD_LABEL, 1, text).badRequest()).startsWith("label: must ");
        assertThat(tag(alice, REMOVE_TAG, text).status()).isEqualTo(404);
        assertThat(label(alice, REMOVE_LABEL, 1, text).status()).isEqualTo(404);
    }

    @Test
    void tagLabelAndNote_haveAMaximumLength() {
        assertThat(tag(alice, ADD_TAG, "📷".repeat(50)).status()).isEqualTo(200);
        assertThat(tag(alice, ADD_TAG, "📷".repeat(51)).badRequest())
                .isEqualTo("tag: must be 1 to 50 characters, without control characters, but is \"" + "📷".repeat(20)
                        + "…\".");
        assertThat(label(alice, ADD_LABEL, 1, "x".repeat(50)).status()).isEqualTo(200);
        assertThat(label(alice, ADD_LABEL, 1, "x".repeat(51)).status()).isEqualTo(400);
        addNote(alice, "{\"text\":\"" + "相".repeat(10_000) + "\"}");
        assertThat(alice.call(ADD_NOTE, task, "", "{\"text\":\"" + "相".repeat(10_001) + "\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void label_isAddedAndRemoved() {
        JsonNode added = label(alice, ADD_LABEL, 2, "unnecessary").json();
        assertThat(added.get("author").asText()).isEqualTo("alice");
        assertThat(added.get("step_number").asInt()).isEqualTo(2);
        assertThat(label(admin, ADD_LABEL, 2, "unnecessary").json()).isEqualTo(added);
        label(alice, ADD_LABEL, 1, "a|b");

        List<List<JsonNode>> pages = alice.pages(LABELS, task, "limit=1", "labels");
        assertThat(pages.get(0).get(0).get("label").asText()).isEqualTo("a|b");
        assertThat(pages.subList(1, pages.size())).containsExactly(List.of(added));
        assertThat(label(alice, REMOVE_LABEL, 2, "unnecessary").status()).isEqualTo(204);
        assertThat(label(alice, REMOVE_LABEL, 2, "unnecessary").problem()).isEqualTo("404 no-such-label");
    }

    @Test
    void labelOrNote_onAStepThatDoesNotExist_is404() {
        Api.Answer label = label(alice, ADD_LABEL, 3, "bad");
        assertThat(label.problem()).isEqualTo("404 no-such-step");
        assertThat(label.detail()).isEqualTo("The task has no step \"3\".");
        assertThat(alice.call(ADD_NOTE, task, "", "{\"text\":\"x\",\"step_number\":3}")
                        .problem())
                .isEqualTo("404 no-such-step");
        for (String stepId : List.of(task + ".0", task + ".99999999999", task.toString(), "x.1", "")) {
            Api.Answer answer = alice.call(ADD_LABEL, Map.of("step_id", stepId, "label", "bad"), "", null, null);
            assertThat(answer.problem()).isEqualTo("404 not-found");
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
        assertThat(alice.pages(NOTES, task, "limit=1", "notes")).containsExactly(List.of(onStep), List.of(edited));
        assertThat(note(alice, DELETE_NOTE, onTask, null).status()).isEqualTo(204);
        assertThat(note(alice, DELETE_NOTE, onTask, null).problem()).isEqualTo("404 no-such-note");
        assertThat(note(alice, EDIT_NOTE, onTask, "{\"text\":\"Done\"}").problem())
                .isEqualTo("404 no-such-note");
    }

    @Test
    void noteOfAnotherAuthor_canBeDeletedByAnAdminOnly_andEditedByNoOne() {
        JsonNode ofAlice = addNote(alice, "{\"text\":\"mine\"}");
        JsonNode ofAdmin = addNote(admin, "{\"text\":\"from support\"}");

        assertThat(note(admin, EDIT_NOTE, ofAlice, "{\"text\":\"x\"}").problem())
                .isEqualTo("403 not-the-author");
        assertThat(note(alice, EDIT_NOTE, ofAdmin, "{\"text\":\"x\"}").problem())
                .isEqualTo("403 not-the-author");
        assertThat(note(alice, DELETE_NOTE, ofAdmin, null).problem()).isEqualTo("403 not-the-author");
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
        assertThat(alice.call(ADD_NOTE, task, "", body).badRequest()).startsWith(detail);
    }

    private Api.Answer tag(Api caller, String route, String tag) {
        return caller.call(route, Map.of("task_id", task.toString(), "tag", tag), "", null, null);
    }

    private Api.Answer label(Api caller, String route, int step, String label) {
        return caller.call(route, Map.of("step_id", task + "." + step, "label", label), "", null, null);
    }

    private JsonNode addNote(Api caller, String body) {
        Api.Answer added = caller.call(ADD_NOTE, task, "", body);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        return added.json();
    }

    private Api.Answer note(Api caller, String route, JsonNode note, String body) {
        Map<String, String> path = Map.of(
                "task_id", task.toString(), "note_id", note.get("note_id").asText());
        return caller.call(route, path, "", body, null);
    }
}
