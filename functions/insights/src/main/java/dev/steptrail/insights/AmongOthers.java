package dev.steptrail.insights;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the other runs of a task text say of one of them, which may still be under way. */
public final class AmongOthers {
    private AmongOthers() {}

    /**
     * The early warning: that it left the path on which the others succeed, by which step, and what they do instead.
     *
     * @param usual the path of the run that is most like the others
     * @param run its moves so far
     */
    public static Optional<Finding> leftUsualPath(List<Move> usual, List<Move> run) {
        return Optional.ofNullable(UsualPath.left(usual, run))
                .map(left -> new Finding(
                        "left_usual_path",
                        List.of(left.by().stepNumber()),
                        Map.of("others_do", left.instead().told())));
    }

    /**
     * That another run did the same in {@value ShorterPathRule#LEAST_SAVED} steps less at least, and which of this one's steps it did without.
     *
     * @param taskId the other
     * @param shorter its moves
     * @param run the moves of one that succeeded
     */
    public static Optional<Suggestion> shorterPath(UUID taskId, List<Move> shorter, List<Move> run) {
        int saved = run.size() - shorter.size();
        if (saved < ShorterPathRule.LEAST_SAVED) {
            return Optional.empty();
        }
        List<Integer> spared =
                Paths.besides(run, shorter).stream().map(Move::stepNumber).toList();
        return Optional.of(
                new Suggestion("shorter_path", spared, Map.of("saved_steps", saved, "task_id", taskId.toString())));
    }
}
