package dev.steptrail.operations;

import dev.steptrail.insights.history.GeneratedRun;
import dev.steptrail.insights.history.History;
import dev.steptrail.insights.history.Scorer;
import dev.steptrail.insights.history.Scorer.Score;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.query.TaskRepository;
import dev.steptrail.store.query.TaskSummariser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A generated history in a database: written as messages, processed by maintenance jobs, and scored. */
public final class StoredHistory {
    private static final int BATCH_SIZE = 20;
    private static final int PAGE = 1000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Database database;

    private StoredHistory(Database database) {
        this.database = database;
    }

    /**
     * Writes a history and returns the score of each kind of problem.
     *
     * @param database migrated, without tasks, in which {@link GeneratedRun#SENDER} is registered
     */
    public static Map<String, Score> scores(History history, Database database) {
        StoredHistory stored = new StoredHistory(database);
        stored.write(history);
        TaskJobs jobs = new TaskJobs(database);
        jobs.processChanged(() -> LIMIT, null);
        jobs.updateInsights(() -> LIMIT, null);
        Scorer scorer = new Scorer(history);
        history.runs().forEach(run -> stored.addReport(run.taskId(), scorer));
        stored.addInsights(scorer);
        return scorer.scores();
    }

    private void write(History history) {
        DatabaseStepWriter writer = new DatabaseStepWriter(database);
        List<ReceivedMessage> batch = new ArrayList<>();
        history.runs().forEach(run -> {
            batch.add(message(run.records()));
            if (batch.size() == BATCH_SIZE) {
                writer.write(batch);
                batch.clear();
            }
        });
        if (!batch.isEmpty()) {
            writer.write(batch);
        }
    }

    private static ReceivedMessage message(List<StepRecord> records) {
        return new ReceivedMessage(
                GeneratedRun.SENDER,
                MessageCodec.encode(records.stream().map(RecordCodec::encode).toList()),
                records.stream().<MessageRecord>map(MessageRecord.Valid::new).toList(),
                null);
    }

    private void addReport(UUID taskId, Scorer scorer) {
        TaskSummary report = new TaskSummariser(database)
                .summarise(new TaskRepository(database).find(taskId).orElseThrow());
        report.findings()
                .forEach(finding -> scorer.addToRun(taskId, finding.kind(), finding.steps(), texts(finding.detail())));
        report.suggestions()
                .forEach(suggestion ->
                        scorer.addToRun(taskId, suggestion.kind(), suggestion.steps(), texts(suggestion.figures())));
    }

    private void addInsights(Scorer scorer) {
        InsightRepository list = new InsightRepository(database);
        Long before = null;
        Page<InsightRepository.StoredInsight> page;
        do {
            page = list.page(new InsightRepository.Filter(null, null, null), before, PAGE);
            for (InsightRepository.StoredInsight found : page.items()) {
                scorer.addToRuns(
                        found.kind(), found.instruction(), found.tasks(), found.steps(), texts(found.figures()));
                before = found.id();
            }
        } while (page.hasMore());
    }

    /** Returns the string fields of a JSON object. */
    private static Map<String, String> texts(String json) {
        Map<String, String> texts = new HashMap<>();
        JsonColumn.fields(json).forEach((name, value) -> {
            if (value.startsWith("\"")) {
                texts.put(name, JsonColumn.text(value));
            }
        });
        return texts;
    }
}
