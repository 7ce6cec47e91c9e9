package dev.steptrail.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Formats tokens and costs for people. Unknown ones become {@code -}. */
public final class UsageFormat {
    private static final String UNKNOWN = "-";

    private UsageFormat() {}

    /** Adds the columns of tokens and cost to a table of tasks or steps. */
    public static void addColumns(Table table) {
        table.column("TOKENS", object -> tokens(object.at("/usage/input_tokens"), object.at("/usage/output_tokens")))
                .column("COST", object -> cost(object.path("cost")));
    }

    /** Returns the sum of input and output tokens. */
    public static String tokens(JsonNode input, JsonNode output) {
        return input.isNumber() || output.isNumber() ? String.valueOf(input.asLong() + output.asLong()) : UNKNOWN;
    }

    /** Returns the amount of each currency, and the number of tokens without a price. */
    public static String cost(JsonNode cost) {
        List<String> parts = new ArrayList<>();
        cost.path("amounts")
                .properties()
                .forEach(amount ->
                        parts.add(amount.getKey() + " " + amount.getValue().asText()));
        if (cost.path("unpriced_tokens").asLong() > 0) {
            parts.add(cost.path("unpriced_tokens").asText() + " tokens without a price");
        }
        return parts.isEmpty() ? UNKNOWN : String.join(" + ", parts);
    }
}
