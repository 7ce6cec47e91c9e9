package dev.steptrail.insights;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes moves comparable: a move that is like one seen before, by its name and its target or place, is that one. So two moves may be told to be the same that are up to twice
 * as far from each other as like ones are. More than {@value #MOST} different ones are not told apart.
 */
final class AlikeMoves {
    private static final int MOST = 5_000;

    private final Map<Named, Move> targets = new HashMap<>();
    private final Nearby<Move> places = new Nearby<>(Move.SAME_PLACE);
    private int count;

    private record Named(String name, String target) {}

    /** The first that is like it, which may be itself; null for those beyond the most. */
    @Nullable
    Move first(Move move) {
        Place place = move.place();
        Move known =
                place == null ? targets.get(new Named(move.name(), move.target())) : places.find(move.name(), place);
        if (known != null || count == MOST) {
            return known;
        }
        count++;
        if (place == null) {
            targets.put(new Named(move.name(), move.target()), move);
        } else {
            places.add(move.name(), place, move);
        }
        return move;
    }
}
