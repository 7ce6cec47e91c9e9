package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.usage.Price;
import dev.steptrail.store.usage.PriceRepository;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/** The routes that list prices and, for admins, set and delete them. */
record PriceRoutes(PriceRepository prices) {
    static final Set<String> DELETE_PARAMETERS = Set.of("model", "valid_from");

    private static final String MODEL = "model";
    private static final String VALID_FROM = "valid_from";
    private static final String CURRENCY = "currency";
    private static final String INPUT_PRICE = "input_price";
    private static final String CACHED_PRICE = "cached_price";
    private static final String OUTPUT_PRICE = "output_price";

    private static final int MAX_MODEL = 80;
    private static final int MAX_DIGITS = 12;

    /** The model may contain the separator of the parts, so the parts after the day are joined again. */
    private static final CursorCodec<PriceRepository.Key> CURSORS = new CursorCodec<>(
            "prices.asc",
            key -> List.of(key.validFrom(), key.model()),
            parts -> new PriceRepository.Key(
                    NameValidator.requireLine("cursor", String.join("|", parts.subList(1, parts.size())), MAX_MODEL),
                    TimeParser.parseDay("cursor", parts.get(0))));

    /** {@code GET /api/prices}: returns the prices of all models, by model and day. */
    Response list(Caller caller, Query query) {
        Page<Price> page = prices.page(query.startKey(CURSORS), query.limit());
        return Response.json(Json.writeList("prices", page, price -> CURSORS.encode(PriceRepository.Key.of(price))));
    }

    /** {@code PUT /api/admin/prices}: adds a price, or replaces that of the same model and day. */
    Response set(Request request) {
        JsonBody body = JsonBody.parse(
                request.body(), List.of(MODEL, VALID_FROM, CURRENCY, INPUT_PRICE, CACHED_PRICE, OUTPUT_PRICE));
        Price price = new Price(
                NameValidator.requireLine(MODEL, body.string(MODEL), MAX_MODEL),
                TimeParser.parseDay(VALID_FROM, body.string(VALID_FROM)),
                currency(body),
                amount(body, INPUT_PRICE),
                amount(body, body.has(CACHED_PRICE) ? CACHED_PRICE : INPUT_PRICE),
                amount(body, OUTPUT_PRICE));
        prices.set(price, request.caller().owner());
        return Response.noStoreJson(price);
    }

    /** {@code DELETE /api/admin/prices}: deletes the price of a model that is valid from a day. */
    Response delete(Request request) {
        Query query = request.query();
        String model = query.text(MODEL, MAX_MODEL);
        LocalDate validFrom = query.optionalDay(VALID_FROM);
        if (model == null || validFrom == null) {
            throw Problem.badRequest((model == null ? MODEL : VALID_FROM) + ": this query parameter is required.");
        }
        if (!prices.delete(
                new PriceRepository.Key(model, validFrom), request.caller().owner())) {
            throw Problem.missing(Kind.NO_SUCH_PRICE, model, validFrom);
        }
        return Response.noContent();
    }

    private static String currency(JsonBody body) {
        String currency = body.string(CURRENCY);
        if (!currency.matches("[A-Z]{3}")) {
            throw Problem.invalidValue(CURRENCY, "must be three capital letters, such as USD", currency);
        }
        return currency;
    }

    /** Returns a decimal number, written as a string or as a JSON number. */
    private static BigDecimal amount(JsonBody body, String field) {
        JsonNode value = body.fields().path(field);
        String text = value.asText();
        if (value.isNumber() || (value.isTextual() && text.matches("[0-9]{1,12}(?:\\.[0-9]{1,12})?"))) {
            BigDecimal amount = value.isNumber() ? value.decimalValue() : new BigDecimal(text);
            // The exponent of a JSON number may be near the limits of int.
            if (amount.signum() >= 0 && (long) amount.precision() - amount.scale() <= MAX_DIGITS) {
                BigDecimal stripped = amount.stripTrailingZeros();
                if (stripped.scale() <= MAX_DIGITS) {
                    return stripped;
                }
            }
        }
        throw Problem.invalidValue(
                field,
                "must be a number per million tokens, not negative, such as \"0.30\", with at most " + MAX_DIGITS
                        + " digits before and after the point",
                value);
    }
}
