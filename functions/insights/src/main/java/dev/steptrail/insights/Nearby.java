package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of actions at places, found again by the action's name and a place within a distance: one looks into the squares around it, however many are known elsewhere. */
final class Nearby<T> {
    private final int distance;
    private final Map<String, Map<Long, List<At<T>>>> known = new HashMap<>();

    private record At<T>(Place place, T what) {}

    Nearby(int distance) {
        this.distance = distance;
    }

    /** The nearest of this name; null where none is near. */
    @Nullable
    T find(String name, Place place) {
        Map<Long, List<At<T>>> squares = known.getOrDefault(name, Map.of());
        T nearest = null;
        int least = distance + 1;
        for (long square : place.squares(distance)) {
            for (At<T> at : squares.getOrDefault(square, List.of())) {
                int far = at.place().distance(place);
                if (far < least) {
                    least = far;
                    nearest = at.what();
                }
            }
        }
        return nearest;
    }

    void add(String name, Place place, T what) {
        known.computeIfAbsent(name, any -> new HashMap<>())
                .computeIfAbsent(place.square(distance), square -> new ArrayList<>())
                .add(new At<>(place, what));
    }
}
