package dev.steptrail.insights;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an action goes on the screen, in the agent's own unit, mostly thousandths of it: the point that it touches, or from where to where it
 * swipes.
 */
final class Place {
    private static final Pattern WRITTEN = Pattern.compile("[0-9]{1,5},[0-9]{1,5}(?:,[0-9]{1,5},[0-9]{1,5})?");

    private final int[] coordinates;

    private Place(int[] coordinates) {
        this.coordinates = coordinates;
    }

    /** @param text such as {@code 499,842} or {@code 499,842,499,400}; any other is no place, and answered by null */
    static @Nullable Place of(String text) {
        return WRITTEN.matcher(text).matches()
                ? new Place(Arrays.stream(text.split(","))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                : null;
    }

    boolean isWithin(int distance, Place other) {
        if (coordinates.length != other.coordinates.length) {
            return false;
        }
        for (int i = 0; i < coordinates.length; i++) {
            if (Math.abs(coordinates[i] - other.coordinates[i]) > distance) {
                return false;
            }
        }
        return true;
    }
}
