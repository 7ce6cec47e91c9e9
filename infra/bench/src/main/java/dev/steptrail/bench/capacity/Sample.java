package dev.steptrail.bench.capacity;

/**
 * How things stand at a moment. Times are microseconds.
 *
 * @param at when
 * @param backlog messages that were sent and are not written
 * @param inFlight those of them that were received and are hidden
 * @param oldestAge since the oldest of the backlog was sent
 * @param sentSteps how many steps have been sent since the begin
 * @param writtenSteps how many of them are written
 */
record Sample(long at, int backlog, int inFlight, long oldestAge, long sentSteps, long writtenSteps) {}
