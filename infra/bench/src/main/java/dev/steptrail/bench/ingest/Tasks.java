package dev.steptrail.bench.ingest;

import dev.steptrail.aws.Settings;
import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.jdbc.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Fifty tasks that have begun, and batches of their steps: message by message the tasks take turns, and no step comes twice. */
final class Tasks {
    static final int COUNT = 50;
    private static final int STEPS_OF_MESSAGE = 20;

    private final List<UUID> ids;
    private final double share;
    private List<Batch.Message> last = List.of();
    private double due;
    private int messages;

    private Tasks(List<UUID> ids, double share) {
        this.ids = ids;
        this.share = share;
    }

    /** Tasks of which each message comes once. */
    static Tasks begin(Postgres postgres) {
        return begin(postgres, 0);
    }

    /** @param share of the messages, from 0 to 1, that come once more with the next batch */
    static Tasks begin(Postgres postgres, double share) {
        List<UUID> ids =
                Stream.generate(() -> UuidV7.at(Instant.now())).limit(COUNT).toList();
        List<TaskStarted> starts = ids.stream().map(ExampleTask::started).toList();
        MessageBody body =
                MessageCodec.encode(starts.stream().map(RecordCodec::encode).toList());
        List<MessageRecord> records =
                starts.stream().<MessageRecord>map(MessageRecord.Valid::new).toList();
        try (Database database = new Database(new Settings(postgres.settings()))) {
            new DatabaseStepWriter(database).write(List.of(new ReceivedMessage(Postgres.SENDER, body, records, null)));
        }
        return new Tasks(ids, share);
    }

    /** The next so many steps, and with them what of the batch before comes again. */
    Batch batch(int steps) {
        List<Batch.Message> fresh = new ArrayList<>();
        for (int left = steps; left > 0; left -= STEPS_OF_MESSAGE) {
            fresh.add(new Batch.Message(
                    ids.get(messages % COUNT),
                    1 + messages / COUNT * STEPS_OF_MESSAGE,
                    Math.min(left, STEPS_OF_MESSAGE)));
            messages++;
        }
        due += share * last.size();
        List<Batch.Message> again = List.copyOf(last.subList(0, (int) due));
        due -= again.size();
        last = fresh;
        return new Batch(fresh, again);
    }
}
