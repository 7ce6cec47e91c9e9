package dev.steptrail.store.query;

import dev.steptrail.insights.RunRules;
import dev.steptrail.insights.RunStep;
import dev.steptrail.store.insights.FindScreens;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Some thousands of a task's steps, as they are read, until what was seen in them is known too. */
final class StepsInARow {
    private final List<Row> rows = new ArrayList<>();
    private boolean isSeen;

    private record Row(
            StepFigure step,
            @Nullable Long action,
            @Nullable String place,
            @Nullable String error) {}

    void add(StepFigure step, ResultSet row) throws SQLException {
        rows.add(new Row(step, action(row), row.getString("action_place"), row.getString("error")));
        isSeen |= row.getBoolean("seen");
    }

    private static @Nullable Long action(ResultSet row) throws SQLException {
        long hash = row.getLong("action_hash");
        return row.wasNull() ? null : hash;
    }

    /** Shows them to the rules. Where no step has a picture, nobody need look for them. */
    void show(Connection connection, UUID taskId, RunRules rules) throws SQLException {
        Map<Integer, FindScreens.Screen> screens = isSeen
                ? FindScreens.in(
                        connection,
                        taskId,
                        rows.get(0).step().stepNumber(),
                        rows.get(rows.size() - 1).step().stepNumber())
                : Map.of();
        rows.forEach(row -> rules.add(step(row, screens.get(row.step().stepNumber()))));
    }

    private static RunStep step(Row row, FindScreens.@Nullable Screen screen) {
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
