package dev.steptrail.insights;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes moves comparable: the first of a name and target leads those that are like it, and each is led by the nearest of the leaders that it is like. So two moves may be told
 * to be the same that are up to twice as far from each other as like ones are. More than {@value #MOST} leaders are not told apart.
 */
final class AlikeMoves {
    private static final int MOST = 5_000;

    private final Map<Named, Move> targets = new HashMap<>();
    private final Nearby<Move> places = new Nearby<>(Move.SAME_PLACE);
    private int count;

    private record Named(String name, String target) {}

    /** Its leader, which may be itself; null for those beyond the most. */
    @Nullable
    Move leader(Move move) {
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
