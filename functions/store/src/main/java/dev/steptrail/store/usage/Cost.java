package dev.steptrail.store.usage;

import dev.steptrail.store.jdbc.Sql;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cost of tokens, as the SQL function {@code usage_cost} computes it.
 *
 * @param amounts the cost of the tokens that have a price, by currency
 * @param unpricedTokens the input and output tokens of models that have no price on the day of the step; their cost is
 *     unknown
 */
public record Cost(SortedMap<String, BigDecimal> amounts, long unpricedTokens) {
    public static final Cost NONE = new Cost(new TreeMap<>(), 0);

    /** Reads the columns {@code currency}, {@code amount} and {@code unpriced_tokens}, as usage_cost returns them. */
    public static final Sql.Mapper<Cost> ROW = row -> {
        SortedMap<String, BigDecimal> amounts = new TreeMap<>();
        String currency = row.getString("currency");
        if (currency != null) {
            amounts.put(currency, row.getBigDecimal("amount"));
        }
        return new Cost(amounts, row.getLong("unpriced_tokens"));
    };

    public Cost {
        SortedMap<String, BigDecimal> normalized = new TreeMap<>();
        amounts.forEach((currency, amount) -> normalized.put(currency, amount.stripTrailingZeros()));
        amounts = Collections.unmodifiableSortedMap(normalized);
    }

    /** Adds the amounts of each currency. */
    public Cost plus(Cost other) {
        SortedMap<String, BigDecimal> sums = new TreeMap<>(amounts);
        other.amounts.forEach((currency, amount) -> sums.merge(currency, amount, BigDecimal::add));
        return new Cost(sums, unpricedTokens + other.unpricedTokens);
    }
}
