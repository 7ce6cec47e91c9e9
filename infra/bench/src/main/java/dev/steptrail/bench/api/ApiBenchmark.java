package dev.steptrail.bench.api;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.bare.BareReads;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.TwoMillionSteps;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What it takes to read by HTTP among many steps, and whether many may do so while steps come in. */
public final class ApiBenchmark implements Benchmark {
    /** As maintenance counts them. */
    private static final String COUNTED = """
            INSERT INTO step_stats_daily
            SELECT day, owner, 'bench', 'glm', 'phone-1', step_type, 500, 475, 25, 1500000, 0, 0, 0, 0
              FROM generate_series(DATE '%s', DATE '%s', INTERVAL '1 day') AS day
             CROSS JOIN (SELECT DISTINCT owner FROM tasks) AS owners
             CROSS JOIN unnest(ARRAY['action', 'error']) AS step_type
            """;

    @Override
    public String name() {
        return "api";
    }

    @Override
    public String description() {
        return "One answer by HTTP through the local cloud's gateway, which is another process, among 2 million steps and 4 million "
                + "screenshots, the median, against the sum of two medians of the same rounds: that of a function that answers at once, through "
                + "the same gateway and authorizer, and that of the bare statements that fetch the same columns. Both sides write an audit "
                + "row where the API does, forced to the disk, so each time somebody else reads; nobody does where a page is compared with another. "
                + "Then 50 read at a time, each what a viewer asks for, task by task of their own, while messages of 20 steps come to the queue, "
                + "50 a second, and the ingest function writes them; the peer is one of these readers alone, while nothing comes.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        try (RunningCloud cloud = RunningCloud.start()) {
            Postgres postgres = cloud.postgres();
            TwoMillionSteps.Loaded tasks = TwoMillionSteps.load(postgres);
            LocalDate until = LocalDate.now(ZoneOffset.UTC);
            LocalDate since = until.minusDays(180);
            postgres.execute(COUNTED.formatted(since, until));
            List<Measurement> measured = new ArrayList<>();
            ApiClient client = cloud.client();
            try (Connection connection = postgres.connect()) {
                connection.setAutoCommit(true);
                measured.addAll(
                        new ApiReads(client, cloud.tokens(), new BareReads(connection), tasks).measure(since, until));
            }
            measured.addAll(new Crowd(cloud, client).measure());
            return measured;
        }
    }
}
