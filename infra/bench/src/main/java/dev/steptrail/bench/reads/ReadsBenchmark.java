package dev.steptrail.bench.reads;

import dev.steptrail.api.ApiHandler;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.bare.BareReads;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.PostgresServer;
import dev.steptrail.bench.database.TwoMillionSteps;
import java.sql.Connection;
import java.util.List;

/** What it takes to read among many steps. */
public final class ReadsBenchmark implements Benchmark {
    @Override
    public String name() {
        return "reads";
    }

    @Override
    public String description() {
        return "One answer of the API's handler (event of API Gateway in, response out) among 2 million steps and 4 million screenshots, the "
                + "median, against the bare statement, prepared by the server, that fetches the same columns to the last row: of a page of 50 the steps "
                + "and, by a second one, their screenshots; of a report the columns that it is made of; of the list the tasks. The handler also looks "
                + "whose the task is. Both sides write an audit row for each page and report, forced to the disk; nobody does for a list of tasks, nor "
                + "where a page is compared with another.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            Postgres postgres = server.postgres();
            TwoMillionSteps.Loaded tasks = TwoMillionSteps.load(postgres);
            try (Connection connection = postgres.connect()) {
                connection.setAutoCommit(true);
                return new ReadCases(new ApiHandler(postgres.settings()), new BareReads(connection), tasks).measure();
            }
        }
    }
}
