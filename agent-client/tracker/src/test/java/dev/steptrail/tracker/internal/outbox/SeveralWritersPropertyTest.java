package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.MemoryFolder;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Random runs of several writers and of shippers that crash or lose their offset. Each complete record is delivered in
 * order with its screenshot, incomplete records are not delivered, and only the folders of running writers remain.
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
     * @param shipperCrashes after it has sent the records of a task, and before it acknowledges them
     */
    private record Operation(Kind kind, int taskIndex, int bytes, boolean shipperCrashes) {}

    private static final byte[] PNG = Pngs.ofSize(1, 1);

    private Path folder;
    private Outbox outbox;
    private final List<ModelTask> tasks = new ArrayList<>();

    /** The distinct records received by the cloud, in order of arrival. */
    private final Map<UUID, List<StepRecord>> received = new HashMap<>();

    @BeforeTry
    void open() throws IOException {
        folder = MemoryFolder.create();
        outbox = Outbox.open(folder, withoutSync());
        tasks.clear();
        received.clear();
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
            ship(1, false);
        }

        for (ModelTask task : tasks) {
            assertThat(received.getOrDefault(task.id, List.of())).isEqualTo(task.written());
            assertThat(Files.exists(folder.resolve(task.id.toString()))).isEqualTo(task.isOpen());
        }
    }

    /** Speeds up the test, which does not simulate power cuts. */
    private static DiskSync withoutSync() {
        return new DiskSync() {
            @Override
            void syncFile(Path file, FileChannel channel) {}

            @Override
            void syncFolder(Path folder) {}
        };
    }

    private void apply(Operation operation) throws IOException {
        if (operation.kind() == Kind.SHIP) {
            ship(operation.bytes(), operation.shipperCrashes());
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

    /** Ships up to {@code bytes} of each task, and removes finished tasks. */
    private void ship(int bytes, boolean crashes) throws IOException {
        for (OutboxTask task : outbox.tasks()) {
            List<OutboxLine> lines = task.linesFrom(task.shipped(), bytes);
            List<Frame> frames = new ArrayList<>();
            List<OutboxLine> rejected = new ArrayList<>();
            for (OutboxLine line : lines) {
                try {
                    frames.addAll(send(task, RecordCodec.decode(line.json())));
                } catch (InvalidRecordException e) {
                    rejected.add(line);
                }
            }
            if (crashes) {
                return;
            }
            task.reject(rejected.toArray(OutboxLine[]::new));
            if (!lines.isEmpty()) {
                task.acknowledge(lines.get(lines.size() - 1).end());
            }
            for (Frame frame : frames) {
                task.removeFrame(frame.file());
            }
            if (!task.hasWriter() && task.linesFrom(task.shipped(), 1).isEmpty()) {
                task.reject(task.readIncompleteLine(task.shipped()));
                task.remove();
            }
        }
    }

    /** Returns the frames of the record, which must exist when it is sent for the first time. */
    private List<Frame> send(OutboxTask task, StepRecord record) throws IOException {
        List<StepRecord> cloud = received.computeIfAbsent(task.id(), id -> new ArrayList<>());
        List<Frame> frames = record instanceof Step step ? step.frames() : List.of();
        if (!cloud.contains(record)) {
            cloud.add(record);
            for (Frame frame : frames) {
                assertThat(task.readFrame(frame.file())).isEqualTo(PNG);
            }
        }
        return frames;
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
                        Arbitraries.of(true, false))
                .as(Operation::new)
                .list()
                .ofMaxSize(50);
    }

    /** A task in a random run: its writer and the records that a reader must find. */
    private static final class ModelTask {
        final UUID id;
        private final Path steps;
        private final TaskWriter writer;
        private final List<StepRecord> written = new ArrayList<>();
        private boolean alive = true;

        ModelTask(Outbox outbox, UUID id) throws IOException {
            this.id = id;
            writer = outbox.newTask(id);
            steps = outbox.folder().resolve(id + "/steps.jsonl");
            add(new TaskRecords(id).started());
        }

        /** Returns all complete records, in order. */
        List<StepRecord> written() {
            return written;
        }

        boolean isOpen() {
            return alive;
        }

        void append(boolean framed) throws IOException {
            int number = written.size();
            String thinking = "x".repeat(number * 37 % 300);
            if (framed) {
                Frame frame = writer.writeFrame(number, FrameRole.BEFORE, PNG, false, null);
                add(new TaskRecords(id).step(number, thinking, frame));
            } else {
                add(new TaskRecords(id).step(number, thinking));
            }
        }

        void end() throws IOException {
            writer.releaseReserve();
            add(new TaskRecords(id).ended());
            crash();
        }

        /** Simulates the end of the writer process, which releases its lock. */
        void crash() throws IOException {
            alive = false;
            writer.close();
        }

        /** Simulates the end of the writer process while it writes a record and its screenshot. */
        void crashDuringWrite() throws IOException {
            Files.write(steps, halfARecord(), APPEND);
            Files.write(steps.resolveSibling("frames/1000000-before.png.tmp"), new byte[] {1});
            crash();
        }

        /** Simulates an incomplete write after which the writer continues. */
        void tear() throws IOException {
            Files.write(steps, halfARecord(), APPEND);
            Files.writeString(steps, "\n", APPEND);
        }

        private byte[] halfARecord() {
            byte[] json = RecordCodec.encode(new TaskRecords(id).step(1_000_000, "torn"));
            return Arrays.copyOf(json, json.length / 2);
        }

        void deleteOffset() throws IOException {
            Files.deleteIfExists(steps.resolveSibling("shipped"));
        }

        void corruptOffset() throws IOException {
            Files.writeString(steps.resolveSibling("shipped"), Long.toString(Files.size(steps) - 1));
        }

        private void add(StepRecord record) throws IOException {
            writer.append(record);
            written.add(record);
        }
    }
}
