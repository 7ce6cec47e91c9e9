package dev.steptrail.bench.ingest;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.PostgresServer;
import dev.steptrail.bench.database.StoredRows;
import java.util.ArrayList;
import java.util.List;

/** What it takes to get steps from the queue into Postgres. */
public final class IngestBenchmark implements Benchmark {
    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public String description() {
        return "New steps a second, committed, of which more is better: the ingest function's handler (SQS event in, response out), and the "
                + "writer alone (messages decoded beforehand), against text COPY by CopyManager of the same rows of steps and screenshots into the "
                + "same tables, the text ready beforehand. Messages are gzip of 20 steps, each with two screenshots and, without these, of about "
                + "1 KB; their 50 tasks take turns and have begun; `1000 steps` is a batch. A message that comes twice comes again with the next "
                + "batch; COPY writes it once. Several writers have tasks of their own, or the 50 are shared. An `alternative` writes the same rows, "
                + "which it has ready in the form that it takes, of 1000 steps and 1 % of messages twice. Postgres forces each commit to the disk.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        List<Measurement> measured = new ArrayList<>();
        try (PostgresServer server = PostgresServer.start()) {
            Postgres postgres = server.postgres();
            StoredRows rows = StoredRows.of(postgres);
            try (IngestCases cases = new IngestCases(postgres, rows)) {
                cases.warmUp();
                measured.add(cases.handler(1000, 0, new Bar.AtLeast(0.7)));
                measured.add(cases.handler(100, 0, new Bar.AtLeast(0.6)));
                measured.add(cases.handler(10, 0, new Bar.None()));
                measured.add(cases.handler(5000, 0, new Bar.None()));
                measured.add(cases.writerAlone(1000, new Bar.AtLeast(0.9)));
                measured.addAll(cases.writers(false, new Bar.AtLeast(1.5)));
                measured.addAll(cases.writers(true, new Bar.AtLeast(1.2)));
                for (double share : new double[] {0.01, 0.5, 1}) {
                    measured.add(cases.handler(1000, share, new Bar.None()));
                }
            }
            measured.addAll(Alternatives.measure(postgres, rows));
        }
        return measured;
    }
}
