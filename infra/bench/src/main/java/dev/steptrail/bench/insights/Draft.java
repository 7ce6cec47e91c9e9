package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Move.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A run while it is being made up. */
final class Draft {
    final UUID taskId;
    final Group group;
    final RandomGenerator random;
    final Places places;

    private final List<Move> moves;
    private final List<Planted> planted = new ArrayList<>();
    private Outcome outcome = Outcome.DONE;
    private @Nullable String cluster;

    Draft(UUID taskId, Group group, boolean byShortcut, RandomGenerator random) {
        this.taskId = taskId;
        this.group = group;
        this.random = random;
        this.places = group.path().places().copy();
        this.moves = new Noise(group.path(), places, random).path(byShortcut);
    }

    List<Move> moves() {
        return List.copyOf(moves);
    }

    int length() {
        return moves.size();
    }

    Move move(int index) {
        return moves.get(index);
    }

    /**
     * The index of a move on the usual path, noise neither before nor after it, that is neither the first nor among the last; -1 if there
     * is none.
     */
    int somewhere(Predicate<Move> which) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 1; i < moves.size() - 2; i++) {
            if (isUsual(i - 1) && isUsual(i) && isUsual(i + 1) && which.test(moves.get(i))) {
                indices.add(i);
            }
        }
        return indices.isEmpty() ? -1 : Chance.oneOf(indices, random);
    }

    private boolean isUsual(int index) {
        return moves.get(index).origin() == Origin.USUAL;
    }

    void replace(int index, List<Move> others) {
        moves.remove(index);
        moves.addAll(index, others);
    }

    void insert(int index, Move move) {
        moves.add(index, move);
    }

    /** A screen on no path; those of following numbers differ. */
    int spareScreen(int number) {
        return group.path().spareScreens() + number % UsualPath.SPARE_SCREENS;
    }

    /** Ends it with the move of this index, which fails by the error if there is one. */
    void endAt(int index, @Nullable String error, Outcome how) {
        moves.subList(index + 1, moves.size()).clear();
        moves.set(index, moves.get(index).failing(error));
        outcome = how;
    }

    void plant(Planted truth) {
        planted.add(truth);
    }

    /** That it failed as others did. */
    void failedLike(String others) {
        cluster = others;
    }

    Outcome outcome() {
        return outcome;
    }

    List<Planted> planted() {
        return List.copyOf(planted);
    }

    @Nullable
    String cluster() {
        return cluster;
    }
}
