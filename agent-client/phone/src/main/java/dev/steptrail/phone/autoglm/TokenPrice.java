package dev.steptrail.phone.autoglm;

import java.math.BigDecimal;

/**
 * The price of a model's tokens, per million, as in {@code steptrail prices}.
 *
 * @param currency three capital letters
 * @param input the price of input tokens
 * @param cached the price of input tokens that the server read from its cache
 * @param output the price of generated tokens
 */
public record TokenPrice(String currency, BigDecimal input, BigDecimal cached, BigDecimal output) {
    private static final int MILLION = 6;

    public TokenPrice {
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("the currency must be three capital letters, but is '" + currency + "'");
        }
        if (input.signum() < 0 || cached.signum() < 0 || output.signum() < 0) {
            throw new IllegalArgumentException("prices must not be negative");
        }
    }

    /** Returns the exact cost. {@code inputTokens} includes {@code cachedTokens}. */
    BigDecimal costOf(long inputTokens, long cachedTokens, long outputTokens) {
        return input.multiply(BigDecimal.valueOf(inputTokens - cachedTokens))
                .add(cached.multiply(BigDecimal.valueOf(cachedTokens)))
                .add(output.multiply(BigDecimal.valueOf(outputTokens)))
                .movePointLeft(MILLION);
    }
}
