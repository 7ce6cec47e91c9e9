package dev.steptrail.bench.ingest;

import dev.steptrail.aws.Settings;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.jdbc.Database;
import java.util.List;

/** Ours without the decoding of messages. */
final class StoreWriter implements Writer {
    private final Database database;
    private final DatabaseStepWriter writer;

    StoreWriter(Postgres postgres) {
        this.database = new Database(new Settings(postgres.settings()));
        this.writer = new DatabaseStepWriter(database);
    }

    @Override
    public Prepared prepare(Batch batch) {
        List<ReceivedMessage> messages = Messages.decoded(batch);
        return () -> writer.write(messages);
    }

    @Override
    public void close() {
        database.close();
    }
}
