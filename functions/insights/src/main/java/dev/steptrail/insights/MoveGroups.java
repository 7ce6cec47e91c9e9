package dev.steptrail.insights;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groups similar moves. The first move of a group is its leader. A move joins the group with the nearest similar
 * leader, so two moves of a group may be up to twice {@link Move#MAX_DISTANCE} apart. After {@value #MAX_LEADERS}
 * leaders no new groups are created. Not thread-safe.
 */
final class MoveGroups {
    private static final int MAX_LEADERS = 5_000;

    private final Map<NameAndTarget, Move> leadersByTarget = new HashMap<>();
    private final PlaceIndex<Move> leadersByPlace = new PlaceIndex<>(Move.MAX_DISTANCE);
    private int count;

    private record NameAndTarget(String name, String target) {}

    /** Adds a move to a group and returns the leader of the group; null if there are too many leaders. */
    @Nullable
    Move leader(Move move) {
        Place place = move.place();
        Move leader = place == null
                ? leadersByTarget.get(new NameAndTarget(move.name(), move.target()))
                : leadersByPlace.findNearest(move.name(), place);
        if (leader != null || count == MAX_LEADERS) {
            return leader;
        }
        count++;
        if (place == null) {
            leadersByTarget.put(new NameAndTarget(move.name(), move.target()), move);
        } else {
            leadersByPlace.add(move.name(), place, move);
        }
        return move;
    }
}
