package dev.steptrail.insights;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where an action goes on the screen, in the agent's own unit, mostly thousandths of it: the point that it touches, or from where to where it
 * swipes.
 */
final class Place {
    private static final int MOST_DIGITS = 5;

    /** A prime, so that the numbers of neighbouring squares have different hash codes. */
    private static final long SPREAD = 1_000_003;

    private final int[] coordinates;

    private Place(int[] coordinates) {
        this.coordinates = coordinates;
    }

    /** @param text such as {@code 499,842} or {@code 499,842,499,400}; any other is no place, and answered by null */
    static @Nullable Place of(String text) {
        int[] read = new int[4];
        int count = 0;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c >= '0' && c <= '9' && digits < MOST_DIGITS && count < read.length) {
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

    /** By the coordinate in which they differ most; a point and a swipe are as far from each other as can be. */
    int distance(Place other) {
        if (coordinates.length != other.coordinates.length) {
            return Integer.MAX_VALUE;
        }
        int most = 0;
        for (int i = 0; i < coordinates.length; i++) {
            most = Math.max(most, Math.abs(coordinates[i] - other.coordinates[i]));
        }
        return most;
    }

    /** The squares, two for each coordinate at most, in which lies whatever is within this distance. Of a swipe they have four sides, so that where it ends counts too. */
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

    /** The one in which it lies itself. */
    long square(int distance) {
        long square = 0;
        for (int coordinate : coordinates) {
            square = within(square, coordinate, distance);
        }
        return square;
    }

    /** Two squares may have the same number, far from each other: who looks into one compares what is there. */
    private static long within(long square, int coordinate, int distance) {
        return square * SPREAD + Math.floorDiv(coordinate, 2 * distance + 1);
    }

    /** As it is read, without zeros that lead. */
    @Override
    public String toString() {
        return Arrays.stream(coordinates).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
