package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.TaskSummary.ErrorCause;
import dev.steptrail.store.model.TaskSummary.KeyScreenshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Selects the key screenshots of a task: the first, the last, and one of the first failed step of each cause. */
final class KeyScreenshots {
    private static final int MAX_FAILURES = 20;

    private static final String SCREENSHOTS = """
            SELECT step_number,
                   screenshot_index,
                   role,
                   sensitive
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number = ANY (?)
            """;

    private static final Comparator<Candidate> BY_INDEX = Comparator.comparingInt(Candidate::screenshotIndex);

    private static final RecordMapper<Candidate> CANDIDATE = RecordMapper.of(Candidate.class);

    private KeyScreenshots() {}

    private record Candidate(int stepNumber, int screenshotIndex, String role, boolean sensitive) {
        boolean isBefore() {
            return role.equals("before");
        }
    }

    /**
     * Selects the key screenshots.
     *
     * @param first the number of the first step with a screenshot
     * @param last the number of the last step with a screenshot
     */
    static List<KeyScreenshot> select(Session session, UUID taskId, int first, int last, List<ErrorCause> causes)
            throws SQLException {
        SortedSet<Integer> failures = causes.stream()
                .limit(MAX_FAILURES)
                .map(ErrorCause::firstStep)
                .collect(Collectors.toCollection(TreeSet::new));
        SortedSet<Integer> steps = new TreeSet<>(failures);
        steps.add(first);
        steps.add(last);
        Map<Integer, List<Candidate>> candidates =
                session.sql(SCREENSHOTS, taskId, Sql.array("integer", steps)).list(CANDIDATE).stream()
                        .collect(Collectors.groupingBy(Candidate::stepNumber));
        List<KeyScreenshot> selected = new ArrayList<>();
        add(selected, "first", first, candidates, BY_INDEX);
        for (int failure : failures) {
            add(
                    selected,
                    "failure",
                    failure,
                    candidates,
                    Comparator.comparing(Candidate::isBefore).reversed().thenComparing(BY_INDEX));
        }
        add(selected, "last", last, candidates, BY_INDEX.reversed());
        return selected;
    }

    /** Adds the step's first screenshot in this order, if it has any. */
    private static void add(
            List<KeyScreenshot> selected,
            String reason,
            int stepNumber,
            Map<Integer, List<Candidate>> candidates,
            Comparator<Candidate> order) {
        candidates.getOrDefault(stepNumber, List.of()).stream()
                .min(order)
                .ifPresent(candidate -> selected.add(new KeyScreenshot(
                        reason, stepNumber, candidate.screenshotIndex(), candidate.role(), candidate.sensitive())));
    }
}
