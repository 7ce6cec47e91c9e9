package dev.steptrail.store.usage;

import dev.steptrail.store.jdbc.RecordMapper;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * The price of a model's tokens, per million.
 *
 * @param model at most 80 characters; the models of tasks are compared by their first 80
 * @param validFrom the first UTC day of the price, which is valid until the model's next price
 * @param currency three capital letters
 * @param cachedPrice the price of input tokens that the server read from its cache
 */
public record Price(
        String model,
        LocalDate validFrom,
        String currency,
        BigDecimal inputPrice,
        BigDecimal cachedPrice,
        BigDecimal outputPrice) {
    static final RecordMapper<Price> ROW = RecordMapper.of(Price.class);
}
