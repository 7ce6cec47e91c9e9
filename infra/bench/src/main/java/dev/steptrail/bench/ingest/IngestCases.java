package dev.steptrail.bench.ingest;

import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StoredRows;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Ours beside COPY, and many of ours beside one. */
final class IngestCases implements AutoCloseable {
    static final String UNIT = "steps/s";
    static final String COPY = "COPY";
    private static final int MOST_WRITERS = 4;
    private static final int WARM_UP_ROUNDS = 100;
    private static final int ROUNDS = 30;

    /** One of ours keeps 1.2 processors busy, so two of them allow 1.67 times its rate at most: near to the bar, so many and long rounds. */
    private static final int ROUNDS_OF_WRITERS = 20;

    private static final int BATCHES_OF_WRITERS = 6;

    /** So many steps a writer writes in a round, by as many batches as it takes. */
    private static final int STEPS_OF_ROUND = 2000;

    private final Postgres postgres;
    private final Contest contest;
    private final List<HandlerWriter> handlers;
    private final StoreWriter store;
    private final CopyWriter copy;

    IngestCases(Postgres postgres, StoredRows rows) throws SQLException {
        this.postgres = postgres;
        this.contest = new Contest(postgres);
        this.handlers = Stream.generate(() -> new HandlerWriter(postgres))
                .limit(MOST_WRITERS)
                .toList();
        this.store = new StoreWriter(postgres);
        this.copy = new CopyWriter(postgres, rows);
    }

    /** Until the compiler has done its work. */
    void warmUp() throws Exception {
        contest.medians(List.of(side(handlers.get(0), 0, 1000), side(copy, 0, 1000)), WARM_UP_ROUNDS);
    }

    Measurement handler(int steps, double share, Bar bar) throws Exception {
        String twice = share == 0 ? "" : ", " + Math.round(100 * share) + " % of messages twice";
        return beside("handler, " + steps + " steps" + twice, handlers.get(0), steps, share, bar);
    }

    Measurement writerAlone(int steps, Bar bar) throws Exception {
        return beside("writer alone, " + steps + " steps", store, steps, 0, bar);
    }

    private Measurement beside(String name, Writer ours, int steps, double share, Bar bar) throws Exception {
        List<Double> rates = contest.medians(List.of(side(ours, share, steps), side(copy, share, steps)), ROUNDS);
        return new Measurement(name, COPY, rates.get(0), rates.get(1), UNIT, bar);
    }

    /** Two writers, three and four beside one. */
    List<Measurement> writers(boolean shared, Bar ofFour) throws Exception {
        List<Double> rates = contest.medians(
                Stream.of(1, 2, 3, 4).map(count -> side(count, shared)).toList(), ROUNDS_OF_WRITERS);
        String tasks = shared ? " handlers, 50 shared tasks" : " handlers, tasks of their own";
        return List.of(
                new Measurement("2" + tasks, "1 handler", rates.get(1), rates.get(0), UNIT, new Bar.None()),
                new Measurement("3" + tasks, "1 handler", rates.get(2), rates.get(0), UNIT, new Bar.None()),
                new Measurement("4" + tasks, "1 handler", rates.get(3), rates.get(0), UNIT, ofFour));
    }

    private Side side(int count, boolean shared) {
        List<Tasks> tasks = shared
                ? Collections.nCopies(count, Tasks.begin(postgres))
                : Stream.generate(() -> Tasks.begin(postgres)).limit(count).toList();
        return new Side(handlers.subList(0, count), tasks, 1000, BATCHES_OF_WRITERS);
    }

    private Side side(Writer writer, double share, int steps) {
        return Side.of(writer, Tasks.begin(postgres, share), steps, Math.max(1, STEPS_OF_ROUND / steps));
    }

    @Override
    public void close() throws SQLException {
        store.close();
        copy.close();
    }
}
