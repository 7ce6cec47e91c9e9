package dev.steptrail.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.ApiQuery;
import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.terminal.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prices",
        description = {
            "List the prices of models per million tokens; set and delete them (for admins).",
            "docs/usage-and-cost.md describes how costs are computed."
        },
        footer = {
            "  steptrail prices",
            "  steptrail prices set qwen/qwen-vl-max --input 3.00 --output 15.00 --currency USD"
        })
public final class PricesCommand extends ApiCommand {
    private static final String PRICES = "/api/admin/prices";

    /** The price to set. */
    static final class NewPrice {
        @Parameters(
                paramLabel = "MODEL",
                description = "The model of the tasks; its first 80 characters if it is longer.")
        private String model;

        @Option(
                names = "--input",
                required = true,
                paramLabel = "PRICE",
                description = "Price of a million input tokens, such as 3.00.")
        private String input;

        @Option(
                names = "--output",
                required = true,
                paramLabel = "PRICE",
                description = "Price of a million output tokens.")
        private String output;

        @Option(
                names = "--cached",
                paramLabel = "PRICE",
                description = "Price of a million cached input tokens (default: the price of input tokens).")
        private @Nullable String cached;

        @Option(
                names = "--currency",
                required = true,
                paramLabel = "CODE",
                description = "Currency, three capital letters such as USD.")
        private String currency;

        @Option(
                names = "--from",
                paramLabel = "DATE",
                description = "First UTC day of the price, such as 2026-03-01 (default: today).")
        private @Nullable LocalDate from;
    }

    /** Lists the prices if no subcommand is given. */
    @Override
    public Integer call() throws IOException {
        Table table = new Table(zone())
                .field("FROM", "valid_from")
                .field("CURRENCY", "currency")
                .field("INPUT", "input_price")
                .field("CACHED", "cached_price")
                .field("OUTPUT", "output_price")
                .field("MODEL", "model");
        return printList(new ApiQuery("/api/prices", "prices").limit(Integer.MAX_VALUE), table::lines);
    }

    @Command(
            name = "set",
            description = {
                "Set the price of a model from a day on, or replace the price that starts on this day.",
                "It is valid until the next price of the model."
            },
            footer = "  steptrail prices set glm-4.5v --input 4 --cached 0.8 --output 16 --currency CNY"
                    + " --from 2026-01-01")
    int set(@Mixin NewPrice options) throws IOException {
        requirePrice("--input", options.input);
        requirePrice("--output", options.output);
        requirePrice("--cached", options.cached);
        if (!options.currency.matches("[A-Z]{3}")) {
            throw usageError(
                    "--currency must be three capital letters, such as USD, but is '" + options.currency + "'");
        }
        LocalDate day = options.from == null ? LocalDate.now(ZoneOffset.UTC) : options.from;
        ObjectNode price = object().put("model", options.model)
                .put("valid_from", day.toString())
                .put("currency", options.currency)
                .put("input_price", options.input)
                .put("output_price", options.output);
        if (options.cached != null) {
            price.put("cached_price", options.cached);
        }
        JsonNode stored = api().send("PUT", PRICES, price);
        print(
                stored,
                "set price of %s from %s: %s %s input, %s cached, %s output per million tokens"
                        .formatted(
                                stored.path("model").asText(),
                                stored.path("valid_from").asText(),
                                stored.path("currency").asText(),
                                stored.path("input_price").asText(),
                                stored.path("cached_price").asText(),
                                stored.path("output_price").asText()));
        return 0;
    }

    /** Checks the form only. The API limits the number of digits. */
    private void requirePrice(String option, @Nullable String price) {
        if (price != null && !price.matches("[0-9]+(\\.[0-9]+)?")) {
            throw usageError(option + " must be a number that is not negative, such as 3.00, but is '" + price + "'");
        }
    }

    @Command(
            name = "delete",
            description = "Delete a price of a model. An earlier price of the model is then valid for its days.",
            footer = "  steptrail prices delete glm-4.5v --from 2026-01-01")
    void delete(
            @Parameters(paramLabel = "MODEL", description = "Model, as printed by steptrail prices.") String model,
            @Option(
                            names = "--from",
                            required = true,
                            paramLabel = "DATE",
                            description = "First day of the price, as printed by steptrail prices.")
                    LocalDate from)
            throws IOException {
        String path = new ApiQuery(PRICES, "prices")
                .withParameter("model", model)
                .withParameter("valid_from", from)
                .pathAndQuery();
        api().send("DELETE", path, null);
        print(
                object().put("deleted", model).put("valid_from", from.toString()),
                "deleted price of " + model + " from " + from);
    }
}
