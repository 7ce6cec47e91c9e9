package dev.steptrail.bench.capacity;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What came of a simulation. Times are microseconds. */
final class Outcome {
    static final long NEVER = -1;

    private final List<Message> messages;
    private final long[] writtenAt;
    private final List<Sample> samples;
    private final Counts counts;
    private final long end;

    /**
     * @param deadLetters how many messages went to the dead-letter queue
     * @param mostReceives how often at most a message was received
     * @param mostBusy how many invocations there were at once
     * @param mostProcessing how many messages they had in hand at once
     * @param mostInFlight how many messages were hidden, among the samples
     * @param billed how long all invocations took together
     */
    record Counts(
            int deadLetters,
            int mostReceives,
            int invocations,
            int mostBusy,
            int mostProcessing,
            int mostInFlight,
            int receiveRequests,
            int deleteRequests,
            long billed) {}

    Outcome(List<Message> messages, long[] writtenAt, List<Sample> samples, Counts counts, long end) {
        this.messages = messages;
        this.writtenAt = writtenAt;
        this.samples = List.copyOf(samples);
        this.counts = counts;
        this.end = end;
    }

    Counts counts() {
        return counts;
    }

    List<Sample> samples() {
        return samples;
    }

    /** When the last message was written. */
    long end() {
        return end;
    }

    /** When this message was written, or {@link #NEVER}. */
    long writtenAt(int message) {
        return writtenAt[message];
    }

    /** How long messages were under way, from the recording of the first step to the commit: this share of them no longer. */
    long lag(double share) {
        long[] lags = IntStream.range(0, writtenAt.length)
                .filter(message -> writtenAt[message] != NEVER)
                .mapToLong(message -> writtenAt[message] - messages.get(message).recorded())
                .toArray();
        Arrays.sort(lags);
        return lags[(int) Math.min(lags.length - 1L, Math.round(share * lags.length))];
    }

    /** The first moment after {@code from}, among the samples, at which the oldest message is not older than {@code age}. */
    long caughtUp(long from, long age) {
        return samples.stream()
                .filter(sample -> sample.at() > from && sample.oldestAge() <= age)
                .mapToLong(Sample::at)
                .findFirst()
                .orElse(end);
    }

    /** Steps a second that were written between these moments, as the samples tell. */
    double rate(long from, long to) {
        Sample first = at(from);
        Sample last = at(to);
        return (last.writtenSteps() - first.writtenSteps()) / ((last.at() - first.at()) / 1e6);
    }

    private Sample at(long moment) {
        return samples.stream()
                .filter(sample -> sample.at() >= moment)
                .findFirst()
                .orElseGet(() -> samples.get(samples.size() - 1));
    }

    long oldestAge() {
        return samples.stream().mapToLong(Sample::oldestAge).max().orElse(0);
    }
}
