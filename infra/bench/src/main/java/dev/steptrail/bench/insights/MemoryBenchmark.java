package dev.steptrail.bench.insights;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Jvm;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How much memory it takes to learn from a history, and to read what was learnt, however long the history is. */
public final class MemoryBenchmark implements Benchmark {
    private static final int SEED = 1;
    private static final int HEAP_MEBIBYTES = 64;

    /** The collector and the compiler that Lambda's JVM has. Who needs more than this heap ends with an error, and the benchmark too. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx" + HEAP_MEBIBYTES + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError");

    private static final String FEW = "some " + Size.USUAL.steps() + " steps";
    private static final Bar BAR = new Bar.AtMost(1.5);
    private static final Bar NO_MORE = new Bar.AtMost(1);
    private static final Bar NONE = new Bar.None();
    private static final double MEBIBYTE = 1024 * 1024;
    private static final double SECOND = 1000;

    @Override
    public String name() {
        return "insights-memory";
    }

    @Override
    public String description() {
        return "The most that lives on the heap at once, by full collections meanwhile, when maintenance looks at all runs of a history that ingest "
                + "has written, when it learns from them, and when a page of 100 insights is asked of the API's handler again and again: with "
                + Size.LARGE.runs() + " runs and some " + Size.LARGE.steps() + " steps, beside " + Size.USUAL.runs()
                + " runs and " + FEW + ". Maintenance and the reader are JVMs of their own with a heap of "
                + HEAP_MEBIBYTES
                + " MiB, beyond which they would end, and the benchmark with them. The largest text is one of "
                + LargestText.RUNS + " runs of " + LargestText.MOVES
                + " moves, the most that is compared, whatever there is. The times are those of work that is looked at: it waits for "
                + "each collection.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        Figures few = Figures.of(History.of(SEED, Size.USUAL).runs());
        Figures largest = Figures.of(LargestText.runs(SEED));
        Figures many = Figures.of(History.of(SEED, Size.LARGE).runs());
        return List.of(
                heap("heap of looking", MeasuredProcess.LOOK, many, FEW, few, BAR),
                heap("heap of learning", MeasuredProcess.LEARN, many, FEW, few, BAR),
                heap("heap of reading", MeasuredProcess.READ, many, FEW, few, BAR),
                heap("heap of learning", MeasuredProcess.LEARN, many, "the largest text", largest, NO_MORE),
                time("time of looking", MeasuredProcess.LOOK, many, few),
                time("time of learning", MeasuredProcess.LEARN, many, few));
    }

    private static Measurement heap(String name, String work, Figures many, String peer, Figures peers, Bar bar) {
        return new Measurement(name, peer, many.bytes(work) / MEBIBYTE, peers.bytes(work) / MEBIBYTE, "MiB", bar);
    }

    private static Measurement time(String name, String work, Figures many, Figures few) {
        return new Measurement(name, FEW, many.millis(work) / SECOND, few.millis(work) / SECOND, "s", NONE);
    }

    /** What was told of some runs. */
    private record Figures(Map<String, String> told) {
        static Figures of(Stream<Run> runs) throws IOException, InterruptedException, SQLException {
            try (PostgresServer server = PostgresServer.start()) {
                Postgres postgres = server.postgres();
                Map<String, String> told = new TreeMap<>();
                long begun = System.nanoTime();
                BroughtIn.write(runs, postgres);
                told.put("write_millis", String.valueOf((System.nanoTime() - begun) / 1_000_000));
                told.putAll(told(MeasuredProcess.MAINTENANCE, postgres));
                told.putAll(told(MeasuredProcess.READER, postgres));
                for (String table : List.of("tasks", "task_steps", "run_digests", "stale_texts", "insights")) {
                    told.put(table, String.valueOf(postgres.number("SELECT count(*) FROM " + table)));
                }
                System.out.println(told);
                return new Figures(told);
            }
        }

        private static Map<String, String> told(String process, Postgres postgres)
                throws IOException, InterruptedException {
            try (Jvm jvm =
                    new Jvm(MeasuredProcess.class, Jvm.everything(), postgres.settings(), OPTIONS, List.of(process))) {
                Map<String, String> told = jvm.told();
                jvm.join();
                return told;
            }
        }

        double bytes(String work) {
            return figure(work + MeasuredProcess.BYTES);
        }

        double millis(String work) {
            return figure(work + MeasuredProcess.MILLIS);
        }

        private double figure(String name) {
            return Double.parseDouble(told.getOrDefault(name, "NaN"));
        }
    }
}
