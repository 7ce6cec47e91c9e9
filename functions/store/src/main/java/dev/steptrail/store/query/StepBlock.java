package dev.steptrail.store.query;

import dev.steptrail.insights.RunRules;
import dev.steptrail.insights.RunStep;
import dev.steptrail.store.insights.StepScreens;
import dev.steptrail.store.insights.StepScreens.Screen;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Some thousands of successive steps of a task, collected until their screens are read too. */
final class StepBlock {
    private final List<Row> rows = new ArrayList<>();
    private boolean hasScreenshots;

    private record Row(
            StepFigure step,
            @Nullable Long action,
            @Nullable String place,
            @Nullable String error) {}

    void add(StepFigure step, ResultSet row) throws SQLException {
        rows.add(new Row(
                step, row.getObject("action_hash", Long.class), row.getString("action_place"), row.getString("error")));
        hasScreenshots |= row.getBoolean("seen");
    }

    int size() {
        return rows.size();
    }

    /** Passes the steps to the rules. */
    void evaluate(Connection connection, UUID taskId, RunRules rules) throws SQLException {
        Map<Integer, Screen> screens = hasScreenshots
                ? StepScreens.before(
                        connection,
                        taskId,
                        rows.get(0).step().stepNumber(),
                        rows.get(rows.size() - 1).step().stepNumber())
                : Map.of();
        rows.forEach(row -> rules.add(step(row, screens.get(row.step().stepNumber()))));
    }

    private static RunStep step(Row row, @Nullable Screen screen) {
        StepFigure step = row.step();
        return new RunStep(
                step.stepNumber(),
                row.action(),
                step.action(),
                row.place(),
                screen == null ? null : screen.hash(),
                screen == null ? null : screen.bytes(),
                step.durationMs(),
                step.modelMs(),
                row.error());
    }
}
