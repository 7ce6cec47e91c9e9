package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index of values by action name and place, which finds the nearest entry within a distance. A lookup examines only
 * the grid squares around the place, so its time does not depend on the number of other entries. Not thread-safe.
 */
final class PlaceIndex<T> {
    private final int distance;
    private final Map<String, Map<Long, List<Entry<T>>>> squaresByName = new HashMap<>();

    private record Entry<T>(Place place, T value) {}

    PlaceIndex(int distance) {
        this.distance = distance;
    }

    /** Returns the value of the nearest entry with this name; null if none is within the distance. */
    @Nullable
    T findNearest(String name, Place place) {
        Map<Long, List<Entry<T>>> squares = squaresByName.getOrDefault(name, Map.of());
        T nearest = null;
        int nearestDistance = distance + 1;
        for (long square : place.squares(distance)) {
            for (Entry<T> entry : squares.getOrDefault(square, List.of())) {
                int candidate = entry.place().distance(place);
                if (candidate < nearestDistance) {
                    nearestDistance = candidate;
                    nearest = entry.value();
                }
            }
        }
        return nearest;
    }

    void add(String name, Place place, T value) {
        squaresByName
                .computeIfAbsent(name, any -> new HashMap<>())
                .computeIfAbsent(place.square(distance), square -> new ArrayList<>())
                .add(new Entry<>(place, value));
    }
}
