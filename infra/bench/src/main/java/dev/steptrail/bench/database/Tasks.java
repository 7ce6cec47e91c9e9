package dev.steptrail.bench.database;

import dev.steptrail.aws.Settings;
import dev.steptrail.bench.database.ExampleTask.Range;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Fifty tasks that have started, and batches of messages with their steps. The tasks alternate, and no step is repeated. */
final class Tasks {
    private static final int COUNT = 50;
    private static final int STEPS_OF_MESSAGE = 20;

    private final List<UUID> ids =
            Stream.generate(() -> UuidV7.at(Instant.now())).limit(COUNT).toList();
    private int messages;

    Tasks(Postgres postgres) {
        MessageBody starts = MessageCodec.encode(
                ids.stream().map(ExampleTask::started).map(RecordCodec::encode).toList());
        try (Database database = new Database(new Settings(postgres.settings()))) {
            new DatabaseStepWriter(database).write(List.of(ExampleTask.decoded(starts)));
        }
    }

    /** The next messages, with this number of steps in total. */
    synchronized List<Range> batch(int steps) {
        List<Range> batch = new ArrayList<>();
        for (int left = steps; left > 0; left -= STEPS_OF_MESSAGE) {
            batch.add(new Range(
                    ids.get(messages % COUNT),
                    1 + messages / COUNT * STEPS_OF_MESSAGE,
                    Math.min(left, STEPS_OF_MESSAGE)));
            messages++;
        }
        return batch;
    }
}
