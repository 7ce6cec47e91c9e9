package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MemoryFolder;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Random runs of one writer and of restarted shippers, compared with a model: the list of completely written records.
 * Each of these is delivered at least once, in order, without gaps.
 */
class OutboxPropertyTest {
    private enum Operation {
        /** The writer appends a record. */
        APPEND,
        /** The writer appends an incomplete record. */
        TEAR,
        /** The shipper sends some lines and acknowledges them. */
        SHIP,
        /** The shipper sends some lines and crashes before it acknowledges them. */
        SHIP_AND_CRASH,
        /** The delivered offset is deleted. */
        DELETE_OFFSET,
        /** The delivered offset is corrupted. */
        CORRUPT_OFFSET
    }

    private Path outbox;
    private UUID task;
    private Path steps;

    private final List<Integer> written = new ArrayList<>();
    private final List<List<Integer>> deliveries = new ArrayList<>();
    private boolean torn;

    @BeforeTry
    void open() throws IOException {
        outbox = MemoryFolder.create();
        task = UUID.randomUUID();
        Outbox.open(outbox, new NoDiskSync()).newTask(task).close();
        steps = outbox.resolve(task.toString()).resolve("steps.jsonl");
        written.clear();
        deliveries.clear();
        deliveries.add(new ArrayList<>());
        torn = false;
    }

    @AfterTry
    void remove() throws IOException {
        OutboxFiles.deleteRecursively(outbox);
    }

    @Property(tries = 200)
    void everyCompleteLine_isDeliveredInOrderAtLeastOnce(
            @ForAll("operations") List<Operation> operations, @ForAll("sizes") int bytes) throws Exception {
        for (Operation operation : operations) {
            switch (operation) {
                case APPEND -> append();
                case TEAR -> tear();
                case SHIP -> ship(bytes, true);
                case SHIP_AND_CRASH -> ship(bytes, false);
                case DELETE_OFFSET -> Files.deleteIfExists(shipped());
                case CORRUPT_OFFSET -> Files.writeString(shipped(), Long.toString(Files.size(steps) - 1));
            }
        }
        for (int i = 0; i <= written.size() + operations.size(); i++) {
            ship(bytes, true);
        }

        // Each delivery continues at or before the end of the previous deliveries, without gaps.
        int next = 0;
        for (List<Integer> delivery : deliveries) {
            for (int i = 0; i < delivery.size(); i++) {
                int index = written.indexOf(delivery.get(i));
                assertThat(index).isNotNegative().isLessThanOrEqualTo(next);
                assertThat(index).isEqualTo(i == 0 ? index : written.indexOf(delivery.get(i - 1)) + 1);
                next = Math.max(next, index + 1);
            }
        }
        assertThat(next).isEqualTo(written.size());
    }

    private void append() throws IOException {
        int number = written.size() + 1;
        byte[] json = RecordCodec.encode(new TaskRecords(task).step(number, "x".repeat(number * 37 % 200)));
        Files.writeString(steps, (torn ? "\n" : "") + new String(json, StandardCharsets.UTF_8) + "\n", APPEND);
        torn = false;
        written.add(number);
    }

    /** Appends half a record with a number that no complete record has. */
    private void tear() throws IOException {
        byte[] json = RecordCodec.encode(new TaskRecords(task).step(1_000_000, "torn"));
        Files.writeString(steps, torn ? "\n" : "", APPEND);
        Files.write(steps, Arrays.copyOf(json, json.length / 2), APPEND);
        torn = true;
    }

    /** Ships like a restarted shipper, whose only state is the folder. */
    private void ship(int bytes, boolean acknowledge) throws Exception {
        OutboxTask shipping = Outbox.open(outbox, new NoDiskSync()).task(task).orElseThrow();
        List<OutboxLine> lines = shipping.linesFrom(shipping.shipped(), bytes);
        List<Integer> delivery = new ArrayList<>();
        for (OutboxLine line : lines) {
            try {
                delivery.add(((Step) RecordCodec.decode(line.json())).stepNumber());
            } catch (dev.steptrail.stepformat.InvalidRecordException e) {
                shipping.reject(line);
            }
        }
        deliveries.add(delivery);
        if (acknowledge && !lines.isEmpty()) {
            shipping.acknowledge(lines.get(lines.size() - 1).end());
        }
    }

    private Path shipped() {
        return steps.resolveSibling("shipped");
    }

    @Provide
    Arbitrary<List<Operation>> operations() {
        return Arbitraries.frequency(
                        net.jqwik.api.Tuple.of(6, Operation.APPEND),
                        net.jqwik.api.Tuple.of(2, Operation.TEAR),
                        net.jqwik.api.Tuple.of(4, Operation.SHIP),
                        net.jqwik.api.Tuple.of(2, Operation.SHIP_AND_CRASH),
                        net.jqwik.api.Tuple.of(1, Operation.DELETE_OFFSET),
                        net.jqwik.api.Tuple.of(1, Operation.CORRUPT_OFFSET))
                .list()
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.of(1, 300, 1_000, 64 * 1024);
    }
}
