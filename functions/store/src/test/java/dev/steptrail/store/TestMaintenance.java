package dev.steptrail.store;

import dev.steptrail.store.insights.ChangedTaskProcessor;
import dev.steptrail.store.insights.InsightUpdater;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.statistics.DailyStatistics;
import java.time.Duration;

/** Runs maintenance jobs until nothing is left to do. */
public final class TestMaintenance {
    public static final Duration LIMIT = Duration.ofMinutes(1);

    private TestMaintenance() {}

    public static void processChangedTasks(Database database) {
        ChangedTaskProcessor processor = new ChangedTaskProcessor(database);
        while (processor.processNext(100, LIMIT).isPresent()) {
            // until no changed task is left
        }
    }

    /** Processes changed tasks and rebuilds the statistics of their days. */
    public static void rollUp(Database database) {
        processChangedTasks(database);
        DailyStatistics statistics = new DailyStatistics(database);
        while (statistics.rebuild(2, LIMIT).isPresent()) {
            // until no day is stale
        }
    }

    /** Processes changed tasks and updates the insights of their instructions. */
    public static void updateInsights(Database database) {
        processChangedTasks(database);
        InsightUpdater updater = new InsightUpdater(database);
        while (updater.updateNext(LIMIT).isPresent()) {
            // until no instruction is stale
        }
    }
}
