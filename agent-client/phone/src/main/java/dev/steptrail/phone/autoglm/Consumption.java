package dev.steptrail.phone.autoglm;

import dev.steptrail.stepformat.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a task has consumed, and their cost.
 *
 * @param inputTokens all input tokens, including cached ones
 * @param cachedTokens at most {@code inputTokens}
 * @param cost in the currency of the {@link TokenPrice}; null without a price
 * @param complete whether the server has reported the tokens of every reply
 */
public record Consumption(
        long inputTokens,
        long cachedTokens,
        long outputTokens,
        @Nullable BigDecimal cost,
        boolean complete) {

    static Consumption none(@Nullable TokenPrice price) {
        return new Consumption(0, 0, 0, price == null ? null : BigDecimal.ZERO, true);
    }

    public long tokens() {
        return inputTokens + outputTokens;
    }

    Consumption plus(@Nullable Usage usage, @Nullable TokenPrice price) {
        if (usage == null) {
            return new Consumption(inputTokens, cachedTokens, outputTokens, cost, false);
        }
        long input = count(usage.inputTokens());
        long cached = Math.min(input, count(usage.cachedTokens()));
        long output = count(usage.outputTokens());
        return new Consumption(
                inputTokens + input,
                cachedTokens + cached,
                outputTokens + output,
                cost == null || price == null ? null : cost.add(price.costOf(input, cached, output)),
                complete);
    }

    private static long count(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}
