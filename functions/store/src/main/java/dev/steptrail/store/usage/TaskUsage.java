package dev.steptrail.store.usage;

/**
 * The tokens of a task and their cost.
 *
 * @param inputTokens all input tokens, including cached ones
 * @param cachedTokens those of the input tokens that the server read from its cache
 */
public record TaskUsage(long inputTokens, long cachedTokens, long outputTokens, Cost cost) {
    TaskUsage plus(TaskUsage other) {
        return new TaskUsage(
                inputTokens + other.inputTokens,
                cachedTokens + other.cachedTokens,
                outputTokens + other.outputTokens,
                cost.plus(other.cost));
    }
}
