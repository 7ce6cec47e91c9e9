package dev.steptrail.store.statistics;

/** Builds the text of a Postgres multirange of step numbers. Consecutive numbers become one range. Not thread-safe. */
final class StepNumbers {
    private final StringBuilder ranges = new StringBuilder();
    private int first;
    private int last;

    void add(int number) {
        if (first > 0 && number == last + 1) {
            last = number;
            return;
        }
        close();
        first = number;
        last = number;
    }

    String toMultirange() {
        close();
        first = 0;
        return "{" + ranges + "}";
    }

    private void close() {
        if (first > 0) {
            ranges.append(ranges.isEmpty() ? "[" : ",[")
                    .append(first)
                    .append(',')
                    .append(last)
                    .append(']');
        }
    }
}
