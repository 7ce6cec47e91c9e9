package dev.steptrail.store.query;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskFilter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskRepositoryIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(DATABASE.database());

    private final String owner = UUID.randomUUID().toString();
    private final UUID first = UuidV7.at(START);
    private final UUID second = UuidV7.at(START.plusSeconds(10));

    TaskRepositoryIT() {
        new AgentRepository(DATABASE.database()).register(new Agent(owner, owner, List.of()));
    }

    @Test
    void announcedTask_keepsItsPositionWhenRecordsArrive() {
        write(started(first, START), started(second, START.plusSeconds(10)));

        write(at(START.minusSeconds(60), step(second, 1)), started(first, START.plusSeconds(60)));

        assertThat(page(null, 10)).containsExactly(second, first);
    }

    @Test
    void taskWhoseStepsArriveFirst_movesWhenItStarts_soAPageMayRepeatIt() {
        write(started(first, START), at(START.plusSeconds(20), step(second, 1)));
        Page<Task> top = list(null, 1);

        write(started(second, START.minusSeconds(10)));

        assertThat(top.items()).extracting(Task::taskId).containsExactly(second);
        assertThat(top.items().get(0).startReceived()).isFalse();
        assertThat(page(TaskRepository.Key.of(top.items().get(0)), 10)).containsExactly(first, second);
    }

    @Test
    void anyLargeField_endsAPage() {
        Map<String, Object> much = Map.of("x_log", "x".repeat(200_000));
        for (int i = 0; i < 30; i++) {
            UUID task = UuidV7.at(START.plusSeconds(i));
            write(
                    started(task, START),
                    new TaskEnded(task, START.plusSeconds(i), TaskStatus.SUCCEEDED, null, null, 0, List.of(), much));
        }

        Page<Task> page = list(null, 1000);

        assertThat(page.hasMore()).isTrue();
        assertThat(page.items()).hasSizeBetween(20, 22);
    }

    private void write(StepRecord... records) {
        WRITER.write(List.of(message(owner, records)));
    }

    private List<UUID> page(TaskRepository.Key after, int limit) {
        return list(after, limit).items().stream().map(Task::taskId).toList();
    }

    private Page<Task> list(TaskRepository.Key after, int limit) {
        return new TaskRepository(DATABASE.database()).page(TaskFilter.forOwner(owner), after, null, limit);
    }

    private static TaskStarted started(UUID task, Instant time) {
        return with(TestRecords.started(task), "timestamp", time);
    }
}
