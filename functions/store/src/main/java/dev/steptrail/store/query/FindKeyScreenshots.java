package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary.ErrorCause;
import dev.steptrail.store.model.TaskSummary.KeyScreenshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Which pictures tell most of this task: its first, its last, and that of the first step that went wrong for each cause? */
final class FindKeyScreenshots {
    private static final int MAX_FAILURES = 20;

    private static final String SQL = """
            SELECT step_number,
                   ordinal,
                   role,
                   sensitive
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number = ANY (?)
            """;

    private FindKeyScreenshots() {}

    /**
     * Finds them.
     *
     * @param first the number of the first step that has a picture
     * @param last likewise
     */
    static List<KeyScreenshot> in(Connection connection, UUID taskId, int first, int last, List<ErrorCause> causes)
            throws SQLException {
        SortedSet<Integer> failures = causes.stream()
                .limit(MAX_FAILURES)
                .map(ErrorCause::firstStep)
                .collect(Collectors.toCollection(TreeSet::new));
        SortedSet<Integer> steps = new TreeSet<>(failures);
        steps.add(first);
        steps.add(last);
        Map<Integer, List<Picture>> pictures = pictures(connection, taskId, steps);
        List<KeyScreenshot> found = new ArrayList<>();
        add(found, "first", first, pictures, Comparator.comparingInt(Picture::ordinal));
        for (int failure : failures) {
            add(
                    found,
                    "failure",
                    failure,
                    pictures,
                    Comparator.comparing((Picture picture) -> !picture.role().equals("before"))
                            .thenComparingInt(Picture::ordinal));
        }
        add(
                found,
                "last",
                last,
                pictures,
                Comparator.comparingInt(Picture::ordinal).reversed());
        return found;
    }

    private record Picture(int ordinal, String role, boolean sensitive) {}

    /** Adds the step's first picture in this order, if it has any. */
    private static void add(
            List<KeyScreenshot> found,
            String why,
            int stepNumber,
            Map<Integer, List<Picture>> pictures,
            Comparator<Picture> order) {
        List<Picture> ofStep = pictures.getOrDefault(stepNumber, List.of());
        ofStep.stream()
                .min(order)
                .ifPresent(picture -> found.add(
                        new KeyScreenshot(why, stepNumber, picture.ordinal(), picture.role(), picture.sensitive())));
    }

    private static Map<Integer, List<Picture>> pictures(Connection connection, UUID taskId, SortedSet<Integer> steps)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            statement.setArray(2, connection.createArrayOf("integer", steps.toArray()));
            Map<Integer, List<Picture>> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getInt("step_number"), number -> new ArrayList<>())
                            .add(new Picture(
                                    rows.getInt("ordinal"), rows.getString("role"), rows.getBoolean("sensitive")));
                }
            }
            return found;
        }
    }
}
