package dev.steptrail.insights;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The place of an action, in the agent's unit (usually thousandths): a point, or start and end of a swipe. */
final class Place {
    private static final int MAX_DIGITS = 5;

    /** A prime, so that neighbouring squares have different hash codes. */
    private static final long SPREAD = 1_000_003;

    private final int[] coordinates;

    private Place(int[] coordinates) {
        this.coordinates = coordinates;
    }

    /**
     * Parses a place; null if the text is not one.
     *
     * @param text such as {@code 499,842} or {@code 499,842,499,400}
     */
    static @Nullable Place of(String text) {
        int[] read = new int[4];
        int count = 0;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c >= '0' && c <= '9' && digits < MAX_DIGITS && count < read.length) {
                read[count] = 10 * read[count] + c - '0';
                digits++;
            } else if (c == ',' && digits > 0) {
                count++;
                digits = 0;
            } else {
                return null;
            }
        }
        return count == 2 || count == 4 ? new Place(Arrays.copyOf(read, count)) : null;
    }

    boolean isWithin(int distance, Place other) {
        return distance(other) <= distance;
    }

    /** Returns the largest difference between coordinates; {@link Integer#MAX_VALUE} between a point and a swipe. */
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

    /** Returns the grid squares that may contain a place within this distance. Those of a swipe have four dimensions. */
    long[] squares(int distance) {
        long[] squares = {0};
        for (int coordinate : coordinates) {
            long[] either = new long[2 * squares.length];
            for (int i = 0; i < squares.length; i++) {
                either[2 * i] = within(squares[i], coordinate - distance, distance);
                either[2 * i + 1] = within(squares[i], coordinate + distance, distance);
            }
            squares = either;
        }
        return squares;
    }

    /** Returns the grid square of this place. */
    long square(int distance) {
        long square = 0;
        for (int coordinate : coordinates) {
            square = within(square, coordinate, distance);
        }
        return square;
    }

    /** Distant squares may have the same number, so callers must compare the places in a square. */
    private static long within(long square, int coordinate, int distance) {
        return square * SPREAD + Math.floorDiv(coordinate, 2 * distance + 1);
    }

    /** Returns the place as text, without leading zeros. */
    @Override
    public String toString() {
        return Arrays.stream(coordinates).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
