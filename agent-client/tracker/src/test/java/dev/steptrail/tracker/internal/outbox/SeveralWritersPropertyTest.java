package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Random runs of several writers and of shippers that crash at any point or lose their offset. Each complete record is
 * delivered in order with its screenshot, incomplete records are not delivered, and only the folders of running writers
 * remain.
 */
class SeveralWritersPropertyTest {
    private enum Kind {
        START,
        APPEND,
        APPEND_FRAMED,
        END,
        CRASH,
        CRASH_DURING_WRITE,
        TEAR,
        DELETE_OFFSET,
        CORRUPT_OFFSET,
        SHIP
    }

    /**
     * A random operation.
     *
     * @param taskIndex the index of the task, modulo the number of tasks
     * @param bytes how much the shipper reads of each task
     */
    private record Operation(Kind kind, int taskIndex, int bytes, ModelShipper.CrashPoint crashPoint) {}

    private Path folder;
    private Outbox outbox;
    private ModelShipper shipper;
    private final List<ModelTask> tasks = new ArrayList<>();

    @BeforeTry
    void open() throws IOException {
        folder = MemoryFolder.create();
        outbox = Outbox.open(folder, new NoDiskSync());
        shipper = new ModelShipper(outbox);
        tasks.clear();
    }

    @AfterTry
    void remove() throws IOException {
        for (ModelTask task : tasks) {
            if (task.isOpen()) {
                task.crash();
            }
        }
        OutboxFiles.deleteRecursively(folder);
    }

    @Property(tries = 200)
    void everyRecordArrivesInOrderWithItsScreenshot_andFinishedTasksAreDeleted(
            @ForAll("operations") List<Operation> operations) throws IOException {
        for (Operation operation : operations) {
            apply(operation);
        }
        int maxRecords =
                tasks.stream().mapToInt(task -> task.written().size()).max().orElse(0);
        for (int round = 0; round <= maxRecords + 1; round++) {
            shipper.ship(1, ModelShipper.CrashPoint.NONE);
        }

        for (ModelTask task : tasks) {
            assertThat(shipper.received.getOrDefault(task.id, List.of())).isEqualTo(task.written());
            assertThat(Files.exists(folder.resolve(task.id.toString()))).isEqualTo(task.isOpen());
        }
        assertThat(shipper.missingScreenshots).isEmpty();
    }

    private void apply(Operation operation) throws IOException {
        if (operation.kind() == Kind.SHIP) {
            shipper.ship(operation.bytes(), operation.crashPoint());
        } else if (operation.kind() == Kind.START) {
            tasks.add(new ModelTask(outbox, new UUID(0, tasks.size())));
        } else if (!tasks.isEmpty()) {
            ModelTask task = tasks.get(operation.taskIndex() % tasks.size());
            if (task.isOpen()) {
                apply(operation.kind(), task);
            }
        }
    }

    private static void apply(Kind kind, ModelTask task) throws IOException {
        switch (kind) {
            case APPEND -> task.append(false);
            case APPEND_FRAMED -> task.append(true);
            case END -> task.end();
            case CRASH -> task.crash();
            case CRASH_DURING_WRITE -> task.crashDuringWrite();
            case TEAR -> task.tear();
            case DELETE_OFFSET -> task.deleteOffset();
            case CORRUPT_OFFSET -> task.corruptOffset();
            default -> throw new AssertionError(kind);
        }
    }

    @Provide
    Arbitrary<List<Operation>> operations() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(2, Kind.START),
                                Tuple.of(4, Kind.APPEND),
                                Tuple.of(4, Kind.APPEND_FRAMED),
                                Tuple.of(1, Kind.END),
                                Tuple.of(1, Kind.CRASH),
                                Tuple.of(1, Kind.CRASH_DURING_WRITE),
                                Tuple.of(1, Kind.TEAR),
                                Tuple.of(1, Kind.DELETE_OFFSET),
                                Tuple.of(1, Kind.CORRUPT_OFFSET),
                                Tuple.of(5, Kind.SHIP)),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(1, 500, 64 * 1024),
                        Arbitraries.of(ModelShipper.CrashPoint.class))
                .as(Operation::new)
                .list()
                .ofMaxSize(50);
    }
}
