package dev.steptrail.insights;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groups similar moves. The first move of a group is its leader; a move joins the nearest leader that is similar to it.
 * Two moves of a group may thus be up to twice as far apart as similar moves are. After {@value #MAX_LEADERS} leaders
 * no new groups are created.
 */
final class MoveGroups {
    private static final int MAX_LEADERS = 5_000;

    private final Map<Named, Move> targets = new HashMap<>();
    private final PlaceIndex<Move> places = new PlaceIndex<>(Move.SAME_PLACE);
    private int count;

    private record Named(String name, String target) {}

    /** Returns the leader of a move's group, which may be the move itself; null if there are too many leaders. */
    @Nullable
    Move leader(Move move) {
        Place place = move.place();
        Move known = place == null
                ? targets.get(new Named(move.name(), move.target()))
                : places.findNearest(move.name(), place);
        if (known != null || count == MAX_LEADERS) {
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
