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
 * Random runs of writers that begin, write, die and end in one outbox, and of shippers that die anywhere. Whatever
 * happens, each record that was written whole arrives, in order, with its picture; what was torn arrives nowhere; and
 * nothing is left but the folders of writers that live.
 */
class SeveralWritersPropertyTest {
    private enum Kind {
        BEGIN,
        APPEND,
        APPEND_FRAMED,
        END,
        CRASH,
        CRASH_TORN,
        SHIP
    }

    /**
     * What happens next.
     *
     * @param which the task that it happens to, counted round
     * @param bytes how much a shipper takes of each task
     */
    private record Move(Kind kind, int which, int bytes, ModelShipper.Death death) {}

    private Path folder;
    private Outbox outbox;
    private ModelShipper shipper;
    private final List<ModelTask> tasks = new ArrayList<>();

    @BeforeTry
    void open() throws IOException {
        folder = MemoryFolder.create();
        outbox = Outbox.in(folder, new NoDiskSync());
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

    @Property(tries = 150)
    void everyRecordArrivesInOrderWithItsScreenshot_andFinishedTasksAreDeleted(@ForAll("moves") List<Move> moves)
            throws IOException {
        for (Move move : moves) {
            make(move);
        }
        int most = tasks.stream().mapToInt(task -> task.written().size()).max().orElse(0);
        for (int round = 0; round <= most + 1; round++) {
            shipper.ship(1, ModelShipper.Death.NONE);
        }

        for (ModelTask task : tasks) {
            assertThat(shipper.received.getOrDefault(task.id, List.of())).isEqualTo(task.written());
            assertThat(Files.exists(folder.resolve(task.id.toString()))).isEqualTo(task.isOpen());
        }
        assertThat(shipper.blind).isEmpty();
    }

    private void make(Move move) throws IOException {
        if (move.kind() == Kind.SHIP) {
            shipper.ship(move.bytes(), move.death());
        } else if (move.kind() == Kind.BEGIN) {
            tasks.add(new ModelTask(outbox, new UUID(0, tasks.size())));
        } else if (!tasks.isEmpty()) {
            ModelTask task = tasks.get(move.which() % tasks.size());
            if (task.isOpen()) {
                make(move.kind(), task);
            }
        }
    }

    private static void make(Kind kind, ModelTask task) throws IOException {
        switch (kind) {
            case APPEND -> task.append(false);
            case APPEND_FRAMED -> task.append(true);
            case END -> task.end();
            case CRASH -> task.crash();
            case CRASH_TORN -> task.crashTorn();
            default -> throw new AssertionError(kind);
        }
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(2, Kind.BEGIN),
                                Tuple.of(4, Kind.APPEND),
                                Tuple.of(4, Kind.APPEND_FRAMED),
                                Tuple.of(1, Kind.END),
                                Tuple.of(1, Kind.CRASH),
                                Tuple.of(1, Kind.CRASH_TORN),
                                Tuple.of(5, Kind.SHIP)),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(1, 500, 64 * 1024),
                        Arbitraries.of(ModelShipper.Death.class))
                .as(Move::new)
                .list()
                .ofMaxSize(50);
    }
}
