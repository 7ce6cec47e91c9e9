package dev.steptrail.bench.capacity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts what happens in a simulation. */
final class Tally {
    private final List<Message> messages;
    private final long betweenSamples;
    private final long[] writtenAt;
    private final List<Sample> samples = new ArrayList<>();
    private long nextSample;
    private long writtenSteps;
    private long sentSteps;
    private int sent;
    private int invocations;
    private int mostBusy;
    private int mostProcessing;
    private int mostInFlight;
    private int receiveRequests;
    private int deleteRequests;
    private long billed;

    Tally(List<Message> messages, long betweenSamples) {
        this.messages = messages;
        this.betweenSamples = betweenSamples;
        this.writtenAt = new long[messages.size()];
        Arrays.fill(writtenAt, Outcome.NEVER);
    }

    /** When the next sample is due. */
    long nextSample() {
        return nextSample;
    }

    void sample(SimulatedQueue queue) {
        for (; sent < messages.size() && messages.get(sent).sent() <= nextSample; sent++) {
            sentSteps += messages.get(sent).steps();
        }
        int inFlight = queue.inFlight(nextSample);
        mostInFlight = Math.max(mostInFlight, inFlight);
        samples.add(new Sample(
                nextSample, queue.backlog(nextSample), inFlight, queue.oldestAge(nextSample), sentSteps, writtenSteps));
        nextSample += betweenSamples;
    }

    void invoked(int busy, int processing) {
        invocations++;
        mostBusy = Math.max(mostBusy, busy);
        mostProcessing = Math.max(mostProcessing, processing);
    }

    /** @param micros that an invocation takes */
    void billed(long micros) {
        billed += micros;
    }

    void receiveRequest() {
        receiveRequests++;
    }

    void deleteRequests(int requests) {
        deleteRequests += requests;
    }

    void written(int message, long now) {
        writtenAt[message] = now;
        writtenSteps += messages.get(message).steps();
    }

    Outcome outcome(SimulatedQueue queue, long end) {
        return new Outcome(
                messages,
                writtenAt,
                samples,
                new Outcome.Counts(
                        queue.deadLetters(),
                        queue.mostReceives(),
                        invocations,
                        mostBusy,
                        mostProcessing,
                        mostInFlight,
                        receiveRequests,
                        deleteRequests,
                        billed),
                end);
    }
}
