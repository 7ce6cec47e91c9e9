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

    /** The squares, at most four different ones, in which lies whatever is within this distance of where it begins. */
    long[] squares(int distance) {
        int width = 2 * distance + 1;
        int left = Math.floorDiv(coordinates[0] - distance, width);
        int right = Math.floorDiv(coordinates[0] + distance, width);
        int top = Math.floorDiv(coordinates[1] - distance, width);
        int bottom = Math.floorDiv(coordinates[1] + distance, width);
        return new long[] {square(left, top), square(left, bottom), square(right, top), square(right, bottom)};
    }

    /** The one in which it begins itself. */
    long square(int distance) {
        int width = 2 * distance + 1;
        return square(coordinates[0] / width, coordinates[1] / width);
    }

    private static long square(long x, long y) {
        return (x << 32) + y;
    }

    /** As it is read, without zeros that lead. */
    @Override
    public String toString() {
        return Arrays.stream(coordinates).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
