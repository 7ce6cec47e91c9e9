package dev.steptrail.bench.insights;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.Settings;
import dev.steptrail.bench.database.Invocation;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.QueuedMessage;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.store.insights.ListInsights;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.query.FindTask;
import dev.steptrail.store.query.SummariseTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A history that ingest has written and maintenance has looked at, as its readers see it. */
final class BroughtIn implements AutoCloseable {
    private static final int MESSAGES_AT_ONCE = 20;
    private static final int PAGE = 1000;

    private final Database database;

    private BroughtIn(Database database) {
        this.database = database;
    }

    static BroughtIn of(History history, Postgres postgres) throws IOException {
        write(history.runs(), postgres);
        Database database = Database.forMaintenance(new Settings(postgres.settings()));
        Maintenance maintenance = new Maintenance(database);
        maintenance.look();
        maintenance.learn();
        return new BroughtIn(database);
    }

    /** Has ingest write runs, at which nobody has looked then. */
    static void write(Stream<Run> history, Postgres postgres) throws IOException {
        IngestHandler ingest = new IngestHandler(postgres.settings());
        List<SQSMessage> messages = new ArrayList<>();
        for (Iterator<Run> runs = history.iterator(); runs.hasNext(); ) {
            messages.add(message(runs.next()));
            if (messages.size() == MESSAGES_AT_ONCE || !runs.hasNext()) {
                write(ingest, messages);
                messages.clear();
            }
        }
    }

    private static SQSMessage message(Run run) throws IOException {
        return QueuedMessage.of(
                run.taskId().toString(),
                MessageCodec.encode(
                        run.records().stream().map(RecordCodec::encode).toList()));
    }

    private static void write(IngestHandler ingest, List<SQSMessage> messages) {
        SQSEvent event = new SQSEvent();
        event.setRecords(List.copyOf(messages));
        if (!ingest.handleRequest(event, new Invocation())
                .getBatchItemFailures()
                .isEmpty()) {
            throw new IllegalStateException("messages were not written");
        }
    }

    TaskSummary report(UUID taskId) {
        return new SummariseTask(database)
                .of(new FindTask(database).byId(taskId).orElseThrow());
    }

    List<ListInsights.Found> insights() {
        ListInsights list = new ListInsights(database);
        List<ListInsights.Found> all = new ArrayList<>();
        Page<ListInsights.Found> page = list.page(new ListInsights.Filter(null, null, null), null, PAGE);
        all.addAll(page.items());
        while (page.hasMore()) {
            page = list.page(
                    new ListInsights.Filter(null, null, null),
                    all.get(all.size() - 1).id(),
                    PAGE);
            all.addAll(page.items());
        }
        return all;
    }

    @Override
    public void close() {
        database.close();
    }
}
