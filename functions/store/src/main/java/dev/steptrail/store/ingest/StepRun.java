package dev.steptrail.store.ingest;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Steps of one task whose numbers follow each other, from the first to the last: what one look at an index finds. */
record StepRun(UUID taskId, int first, int last) {
    private static final Comparator<StepRun> ORDER =
            Comparator.comparing(StepRun::taskId, TaskOrder.OF_IDS).thenComparingInt(StepRun::first);

    static StepRun of(UUID taskId, int stepNumber) {
        return new StepRun(taskId, stepNumber, stepNumber);
    }

    /** As few as these become where one begins no later than with the number after another's last; in the order of ids and numbers. */
    static List<StepRun> joined(Stream<StepRun> runs) {
        List<StepRun> joined = new ArrayList<>();
        runs.sorted(ORDER).forEach(run -> {
            StepRun before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && before.reaches(run)) {
                joined.set(joined.size() - 1, new StepRun(run.taskId, before.first, Math.max(before.last, run.last)));
            } else {
                joined.add(run);
            }
        });
        return joined;
    }

    /** Binds, from this parameter on, the tasks, the first and the last numbers of these runs, joined, and the least and the greatest id. */
    static void bind(PreparedStatement statement, int from, Stream<StepRun> runs) throws SQLException {
        List<StepRun> joined = joined(runs);
        setArray(statement, from, "uuid", joined, StepRun::taskId);
        setArray(statement, from + 1, "integer", joined, StepRun::first);
        setArray(statement, from + 2, "integer", joined, StepRun::last);
        statement.setObject(from + 3, joined.isEmpty() ? null : joined.get(0).taskId, Types.OTHER);
        statement.setObject(from + 4, joined.isEmpty() ? null : joined.get(joined.size() - 1).taskId, Types.OTHER);
    }

    private static void setArray(
            PreparedStatement statement, int parameter, String type, List<StepRun> runs, Function<StepRun, ?> value)
            throws SQLException {
        statement.setArray(
                parameter,
                statement
                        .getConnection()
                        .createArrayOf(type, runs.stream().map(value).toArray()));
    }

    private boolean reaches(StepRun next) {
        return taskId.equals(next.taskId) && next.first - 1 <= last;
    }
}
