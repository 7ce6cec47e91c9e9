package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.phone.autoglm.Consumption;
import dev.steptrail.phone.autoglm.TokenPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a task has consumed, and their cost, for people and programs.
 *
 * @param price null if it is unknown
 */
record ConsumptionReport(Consumption consumption, @Nullable TokenPrice price) {
    private static final int COST_DECIMALS = 4;

    /** Returns the tokens and, two spaces on, the cost ({@code CNY 0.0035}); empty if the server reports no tokens. */
    String toText() {
        if (consumption.tokens() == 0) {
            return "";
        }
        String tokens = String.format(Locale.ROOT, "%9d tokens", consumption.tokens());
        BigDecimal cost = consumption.cost();
        return cost == null || price == null
                ? tokens
                : tokens + "  " + price.currency() + " "
                        + cost.setScale(COST_DECIMALS, RoundingMode.HALF_UP).toPlainString();
    }

    /**
     * Returns the counts and the cost. Null are the counts if the server reports none, and the cost without a price.
     */
    ObjectNode toJson() {
        boolean known = consumption.tokens() > 0;
        return SteptrailCommand.object()
                .put("input_tokens", known ? consumption.inputTokens() : null)
                .put("cached_tokens", known ? consumption.cachedTokens() : null)
                .put("output_tokens", known ? consumption.outputTokens() : null)
                .put("cost", known ? consumption.cost() : null)
                .put("currency", price == null ? null : price.currency());
    }
}
