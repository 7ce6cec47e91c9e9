package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.VerdictRepository.StoredVerdict;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.TaskDeletion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tags, labels and notes, written with the login of the API, and what they have in common with verdicts. */
class AnnotationsIT extends VerdictTestBase {
    private static final TagRepository TAGS = new TagRepository(API);
    private static final StepLabelRepository LABELS = new StepLabelRepository(API);
    private static final NoteRepository NOTES = new NoteRepository(API);

    private final UUID task = UuidV7.at(START);

    private List<String> facets() {
        return DATABASE.column(
                "SELECT value FROM task_facets WHERE facet = 'tag' AND task_id = '" + task + "' ORDER BY value");
    }

    private List<String> audited() {
        return DATABASE.column("SELECT concat_ws(' ', action, caller, detail) FROM audit_log WHERE task_id = '" + task
                + "' AND task_owner = 'alice' ORDER BY at, id");
    }

    @Test
    void tags_areSortedAndUnique_andCanBeFound() {
        DATABASE.write(started(task));

        TAGS.add(task, "nightly", "alice");
        TAGS.add(task, "相机", "alice");
        Task tagged = TAGS.add(task, "camera", "root").orElseThrow();
        long revision = tagged.revision();

        assertThat(tagged.tags()).containsExactly("camera", "nightly", "相机");
        assertThat(facets()).containsExactlyInAnyOrder("camera", "nightly", "相机");
        assertThat(TAGS.add(task, "camera", "alice").orElseThrow().revision()).isEqualTo(revision);
        assertThat(TAGS.remove(task, "nightly", "alice")).isTrue();
        assertThat(TAGS.remove(task, "nightly", "alice")).isFalse();
        assertThat(DATABASE.task(task, "tags")).isEqualTo("{camera,相机}");
        assertThat(facets()).containsExactlyInAnyOrder("camera", "相机");
    }

    @Test
    void everyChange_increasesTheRevision_andIsAuditedWithoutItsText() {
        DATABASE.write(started(task), step(task, 1));
        StoredVerdict verdict = VERDICTS.set(task, human(Label.FAIL), "bob").orElseThrow();
        Note note = NOTES.add(task, null, "secret", "bob").orElseThrow();
        Map<String, Runnable> changes = new LinkedHashMap<>();
        changes.put("change_tags alice {\"added\": [\"t\"], \"removed\": []}", () -> TAGS.add(task, "t", "alice"));
        changes.put("change_tags root {\"added\": [], \"removed\": [\"t\"]}", () -> TAGS.remove(task, "t", "root"));
        changes.put("add_label alice", () -> LABELS.add(task, 1, "bad", "alice"));
        changes.put("remove_label alice", () -> LABELS.remove(task, 1, "bad", "alice"));
        changes.put("add_note root", () -> NOTES.add(task, 1, "secret", "root"));
        changes.put("edit_note alice", () -> NOTES.edit(task, note.id(), "secret", "alice"));
        changes.put("delete_note alice", () -> NOTES.delete(task, note.id(), "alice"));
        changes.put("set_verdict alice", () -> VERDICTS.set(task, human(Label.PASS), "alice"));
        changes.put("delete_verdict root", () -> VERDICTS.delete(task, verdict.id(), "root"));

        changes.forEach((entry, change) -> {
            long before = Long.parseLong(DATABASE.task(task, "revision"));
            change.run();
            assertThat(Long.parseLong(DATABASE.task(task, "revision")))
                    .as(entry)
                    .isGreaterThan(before);
            assertThat(audited()).last().asString().startsWith(entry).doesNotContain("secret");
        });
        assertThat(audited()).hasSize(2 + changes.size());
    }

    @Test
    void archivedTask_keepsEverything_andAcceptsMore() {
        DATABASE.write(started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.SUCCEEDED, 2));
        LABELS.add(task, 1, "bad", "alice");
        NOTES.add(task, 1, "before", "alice");
        TAGS.add(task, "camera", "alice");
        VERDICTS.set(task, human(Label.FAIL), "alice");
        archive();
        assertThat(DATABASE.task(task, RESULT)).isEqualTo("fail human true false");

        assertThat(LABELS.add(task, 2, "good", "alice")).isPresent();
        assertThat(NOTES.add(task, 2, "after", "alice")).isPresent();
        assertThat(TAGS.add(task, "nightly", "alice").orElseThrow().tags()).containsExactly("camera", "nightly");
        VERDICTS.set(task, human(Label.PASS), "alice");
        assertThat(LABELS.add(task, 3, "good", "alice")).isEmpty();
        assertThat(LABELS.page(task, null, 10).items()).hasSize(2);
        assertThat(NOTES.page(task, null, 10).items()).hasSize(2);
        assertThat(DATABASE.task(task, RESULT)).isEqualTo("pass human true true");
    }

    /** Brings the rows into the state that maintenance leaves after it has counted and archived the steps. */
    private void archive() {
        DATABASE.execute("""
                INSERT INTO task_processing (task_id, changed_at, counted_steps) VALUES ('%1$s', now(), '{[1,3)}');
                UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '%1$s';
                DELETE FROM task_steps WHERE task_id = '%1$s'
                """.formatted(task));
    }

    @Test
    void deletedTask_keepsNothing_andAcceptsNothing() {
        Step step = step(task, 1).withModelCall(ModelCall.ofUsage(Usage.of(5, null, 6)));
        DATABASE.write(startedRepeat(task, START, "e1", "wifi"), step, sent(task, START, "judge", Label.FAIL));
        LABELS.add(task, 1, "bad", "alice");
        TAGS.add(task, "camera", "alice");
        Note note = NOTES.add(task, 1, "text", "alice").orElseThrow();
        StoredVerdict verdict = VERDICTS.set(task, human(Label.PASS), "alice").orElseThrow();

        assertThat(new TaskDeletion(API).delete(task, "alice")).isTrue();

        DATABASE.write(step, sent(task, START.plusSeconds(1), "judge", Label.PASS));
        assertThat(LABELS.add(task, 1, "bad", "alice")).isEmpty();
        assertThat(LABELS.remove(task, 1, "bad", "alice")).isFalse();
        assertThat(TAGS.add(task, "camera", "alice")).isEmpty();
        assertThat(TAGS.remove(task, "camera", "alice")).isFalse();
        assertThat(NOTES.add(task, null, "text", "alice")).isEmpty();
        assertThat(NOTES.edit(task, note.id(), "text", "alice")).isEmpty();
        assertThat(NOTES.delete(task, note.id(), "alice")).isFalse();
        assertThat(VERDICTS.set(task, human(Label.PASS), "alice")).isEmpty();
        assertThat(VERDICTS.delete(task, verdict.id(), "alice")).isFalse();
        for (String table : List.of("step_labels", "notes", "task_facets", "verdicts", "task_usage", "task_steps")) {
            assertThat(DATABASE.count(table, task)).as(table).isZero();
        }
        assertThat(DATABASE.task(task, "concat_ws(' ', tags, verdict, experiment, case_id, repeat, success)"))
                .isEqualTo("{}");
    }
}
