package dev.steptrail.insights.history;

/**
 * A problem that was planted in a history, and that rules should find.
 *
 * @param kind the kind of the finding, suggestion or insight
 * @param key what identifies the problem among those of its kind, such as the run, its step or the instruction; equal
 *     to the key that {@link Scorer} gives a right result
 */
public record Planted(String kind, Object key) {}
