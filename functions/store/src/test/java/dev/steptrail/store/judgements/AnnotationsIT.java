package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.NoteRepository.Note;
import dev.steptrail.store.judgements.StepLabelRepository.LabelKey;
import dev.steptrail.store.judgements.StepLabelRepository.StepLabel;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tags, labels and notes, written with the login of the API. */
class AnnotationsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database API = DATABASE.database(FunctionLogin.API);
    private static final TagRepository TAGS = new TagRepository(API);
    private static final StepLabelRepository LABELS = new StepLabelRepository(API);
    private static final NoteRepository NOTES = new NoteRepository(API);
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(DATABASE.database(FunctionLogin.INGEST));

    static {
        new AgentRepository(DATABASE.database()).register(new Agent("sender", "alice", List.of()));
    }

    private final UUID task = UuidV7.at(START);

    private static void write(StepRecord... records) {
        WRITER.write(List.of(message("sender", records)));
    }

    private String column(String expression) {
        return DATABASE.value("SELECT " + expression + " FROM tasks WHERE task_id = '" + task + "'");
    }

    private List<String> facets() {
        return DATABASE.column(
                "SELECT value FROM task_facets WHERE facet = 'tag' AND task_id = '" + task + "' ORDER BY value");
    }

    private List<String> audited() {
        return DATABASE.column(
                "SELECT concat_ws(' ', caller, action, detail -> 'added', detail -> 'removed') FROM audit_log WHERE task_id = '"
                        + task + "' AND task_owner = 'alice' ORDER BY at, id");
    }

    @Test
    void tags_areSortedAndUnique_andCanBeFound() {
        write(started(task));

        TAGS.add(task, "nightly", "alice");
        TAGS.add(task, "相机", "alice");
        Task tagged = TAGS.add(task, "camera", "root").orElseThrow();
        long revision = tagged.revision();

        assertThat(tagged.tags()).containsExactly("camera", "nightly", "相机");
        assertThat(facets()).containsExactlyInAnyOrder("camera", "nightly", "相机");
        assertThat(TAGS.add(task, "camera", "alice").orElseThrow().revision()).isEqualTo(revision);
        assertThat(TAGS.remove(task, "nightly", "alice")).isTrue();
        assertThat(TAGS.remove(task, "nightly", "alice")).isFalse();
        assertThat(column("tags")).isEqualTo("{camera,相机}");
        assertThat(facets()).containsExactlyInAnyOrder("camera", "相机");
        assertThat(audited())
                .containsExactly(
                        "alice change_tags [\"nightly\"] []",
                        "alice change_tags [\"相机\"] []",
                        "root change_tags [\"camera\"] []",
                        "alice change_tags [] [\"nightly\"]");
    }

    @Test
    void taskWith50Tags_acceptsNoOther() {
        write(started(task));
        for (int i = 0; i < TagRepository.MAX_TAGS; i++) {
            assertThat(TAGS.add(task, "tag-" + i, "alice")).isPresent();
        }

        assertThat(TAGS.add(task, "other", "alice").orElseThrow().tags())
                .hasSize(50)
                .doesNotContain("other");
        assertThat(TAGS.add(task, "tag-7", "alice")).isPresent();
        TAGS.remove(task, "tag-7", "alice");
        assertThat(TAGS.add(task, "other", "alice").orElseThrow().tags()).contains("other");
    }

    @Test
    void labels_areListedByStep_andKeepTheirFirstAuthor() {
        write(started(task), step(task, 1), step(task, 2));

        StepLabel first = LABELS.add(task, 2, "unnecessary", "alice").orElseThrow();
        LABELS.add(task, 2, "bad", "alice");
        LABELS.add(task, 1, "a|b", "alice");

        assertThat(LABELS.add(task, 2, "unnecessary", "root")).contains(first);
        assertThat(LABELS.page(task, null, 2).items())
                .extracting(StepLabel::stepNumber, StepLabel::label)
                .containsExactly(tuple(1, "a|b"), tuple(2, "bad"));
        assertThat(LABELS.page(task, new LabelKey(2, "bad"), 2).items()).containsExactly(first);
        assertThat(LABELS.remove(task, 2, "bad", "alice")).isTrue();
        assertThat(LABELS.remove(task, 2, "bad", "alice")).isFalse();
        assertThat(audited())
                .containsExactly("alice add_label", "alice add_label", "alice add_label", "alice remove_label");
    }

    @Test
    void labelOrNote_onAStepThatDoesNotExist_isRejected() {
        write(started(task), step(task, 1), step(task, 3));

        assertThat(LABELS.add(task, 2, "bad", "alice")).isEmpty();
        assertThat(NOTES.add(task, 2, "lost", "alice")).isEmpty();
        assertThat(LABELS.add(UuidV7.at(START), 1, "bad", "alice")).isEmpty();
        assertThat(NOTES.add(UuidV7.at(START), null, "lost", "alice")).isEmpty();
        assertThat(audited()).isEmpty();
    }

    @Test
    void notes_canBeEditedAndDeleted() {
        write(started(task), step(task, 1));
        Note onTask = NOTES.add(task, null, "Look\nat this", "alice").orElseThrow();
        Note onStep = NOTES.add(task, 1, "相机", "root").orElseThrow();

        Note edited = NOTES.edit(task, onTask.id(), "Done", "alice").orElseThrow();

        assertThat(edited.text()).isEqualTo("Done");
        assertThat(edited.editedAt()).isNotNull();
        assertThat(edited.createdAt()).isEqualTo(onTask.createdAt());
        assertThat(NOTES.page(task, null, 10).items()).containsExactly(onStep, edited);
        assertThat(NOTES.page(task, onStep.id(), 10).items()).containsExactly(edited);
        assertThat(NOTES.delete(task, onStep.id(), "alice")).isTrue();
        assertThat(NOTES.find(task, onStep.id())).isEmpty();
        assertThat(NOTES.edit(task, onStep.id(), "late", "root")).isEmpty();
        assertThat(NOTES.delete(UuidV7.at(START), onTask.id(), "alice")).isFalse();
        assertThat(audited())
                .containsExactly("alice add_note", "root add_note", "alice edit_note", "alice delete_note");
        assertThat(DATABASE.value("SELECT count(*) FROM audit_log WHERE detail::text LIKE '%Done%'"))
                .isEqualTo("0");
    }

    @Test
    void everyChange_increasesTheRevision() {
        write(started(task), step(task, 1));
        Note note = NOTES.add(task, null, "text", "alice").orElseThrow();
        List<Runnable> changes = List.of(
                () -> TAGS.add(task, "t", "alice"),
                () -> TAGS.remove(task, "t", "alice"),
                () -> LABELS.add(task, 1, "bad", "alice"),
                () -> LABELS.remove(task, 1, "bad", "alice"),
                () -> NOTES.add(task, 1, "other", "alice"),
                () -> NOTES.edit(task, note.id(), "changed", "alice"),
                () -> NOTES.delete(task, note.id(), "alice"));

        for (Runnable change : changes) {
            long before = Long.parseLong(column("revision"));
            change.run();
            assertThat(Long.parseLong(column("revision"))).isGreaterThan(before);
        }
    }

    @Test
    void archivedTask_keepsEverything_andAcceptsMore() {
        write(started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.SUCCEEDED, 2));
        LABELS.add(task, 1, "bad", "alice");
        NOTES.add(task, 1, "before", "alice");
        TAGS.add(task, "camera", "alice");
        archive();

        assertThat(LABELS.add(task, 2, "good", "alice")).isPresent();
        assertThat(NOTES.add(task, 2, "after", "alice")).isPresent();
        assertThat(TAGS.add(task, "nightly", "alice").orElseThrow().tags()).containsExactly("camera", "nightly");
        assertThat(LABELS.add(task, 3, "good", "alice")).isEmpty();
        assertThat(LABELS.page(task, null, 10).items()).hasSize(2);
        assertThat(NOTES.page(task, null, 10).items()).hasSize(2);
    }

    /** Brings the rows into the state that maintenance leaves after it has counted and archived the steps. */
    private void archive() {
        DATABASE.execute("INSERT INTO task_processing (task_id, changed_at, counted_steps) VALUES ('" + task
                + "', now(), '{[1,3)}')");
        DATABASE.execute(
                "UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '" + task + "'");
        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
    }

    @Test
    void deletedTask_hasNone_andAcceptsNone() {
        write(started(task), step(task, 1));
        LABELS.add(task, 1, "bad", "alice");
        TAGS.add(task, "camera", "alice");
        Note note = NOTES.add(task, 1, "text", "alice").orElseThrow();

        new TaskDeletion(API).delete(task, "alice");

        for (String table : List.of("step_labels", "notes", "task_facets")) {
            assertThat(DATABASE.value("SELECT count(*) FROM " + table + " WHERE task_id = '" + task + "'"))
                    .as(table)
                    .isEqualTo("0");
        }
        assertThat(column("tags")).isEqualTo("{}");
        assertThat(LABELS.add(task, 1, "bad", "alice")).isEmpty();
        assertThat(LABELS.remove(task, 1, "bad", "alice")).isFalse();
        assertThat(TAGS.add(task, "camera", "alice")).isEmpty();
        assertThat(TAGS.remove(task, "camera", "alice")).isFalse();
        assertThat(NOTES.add(task, null, "text", "alice")).isEmpty();
        assertThat(NOTES.edit(task, note.id(), "text", "alice")).isEmpty();
        assertThat(NOTES.delete(task, note.id(), "alice")).isFalse();
    }
}
