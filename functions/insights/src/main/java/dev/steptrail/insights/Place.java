package dev.steptrail.insights;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The position of an action, in the agent's unit (usually thousandths): a point, or start and end of a swipe. */
final class Place {
    private static final int MAX_DIGITS = 5;

    /** A prime, so that neighbouring squares have different ids. */
    private static final long HASH_FACTOR = 1_000_003;

    private final int[] coordinates;

    private Place(int[] coordinates) {
        this.coordinates = coordinates;
    }

    /**
     * Parses a place; null if the text has another format.
     *
     * @param text such as {@code 499,842} or {@code 499,842,499,400}
     */
    static @Nullable Place parse(String text) {
        int[] parsed = new int[4];
        int count = 0;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c >= '0' && c <= '9' && digits < MAX_DIGITS && count < parsed.length) {
                parsed[count] = 10 * parsed[count] + c - '0';
                digits++;
            } else if (c == ',' && digits > 0) {
                count++;
                digits = 0;
            } else {
                return null;
            }
        }
        return count == 2 || count == 4 ? new Place(Arrays.copyOf(parsed, count)) : null;
    }

    boolean isWithin(int distance, Place other) {
        return distance(other) <= distance;
    }

    /** Returns the maximum difference of the coordinates; {@link Integer#MAX_VALUE} between a point and a swipe. */
    int distance(Place other) {
        if (coordinates.length != other.coordinates.length) {
            return Integer.MAX_VALUE;
        }
        int max = 0;
        for (int i = 0; i < coordinates.length; i++) {
            max = Math.max(max, Math.abs(coordinates[i] - other.coordinates[i]));
        }
        return max;
    }

    /** Returns the ids of all grid squares that may contain a place within {@code distance} of this place. */
    long[] squares(int distance) {
        long[] squares = {0};
        for (int coordinate : coordinates) {
            long[] next = new long[2 * squares.length];
            for (int i = 0; i < squares.length; i++) {
                next[2 * i] = addDimension(squares[i], coordinate - distance, distance);
                next[2 * i + 1] = addDimension(squares[i], coordinate + distance, distance);
            }
            squares = next;
        }
        return squares;
    }

    /** Returns the id of the square that contains this place, in a grid of width {@code 2 * distance + 1}. */
    long square(int distance) {
        long square = 0;
        for (int coordinate : coordinates) {
            square = addDimension(square, coordinate, distance);
        }
        return square;
    }

    /** Extends an id by a coordinate. Different squares may get the same id, so callers must compare the places. */
    private static long addDimension(long square, int coordinate, int distance) {
        return square * HASH_FACTOR + Math.floorDiv(coordinate, 2 * distance + 1);
    }

    @Override
    public String toString() {
        return Arrays.stream(coordinates).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
