package dev.steptrail.store.usage;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists, sets and deletes the prices of models. The audit log records changes. */
public final class PriceRepository {
    private static final String LIST = """
            SELECT %s
              FROM prices
             WHERE true
            %%s ORDER BY model, valid_from
             LIMIT ?
            """.formatted(Price.ROW.columns());

    private static final String STATE = """
            SELECT sum(hashtextextended(prices::text, 0))
              FROM prices
             WHERE model = left(?, 80)
            """;

    private static final String SET = """
            INSERT INTO prices AS p (model, valid_from, currency, input_price, cached_price, output_price, set_by)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (model, valid_from) DO UPDATE
               SET currency     = excluded.currency,
                   input_price  = excluded.input_price,
                   cached_price = excluded.cached_price,
                   output_price = excluded.output_price,
                   set_by       = excluded.set_by,
                   set_at       = now()
             WHERE (p.currency, p.input_price, p.cached_price, p.output_price)
                <> (excluded.currency, excluded.input_price, excluded.cached_price, excluded.output_price)
            """;

    private static final String DELETE = """
            DELETE FROM prices
             WHERE model = ?
               AND valid_from = ?
            """;

    private final Database database;

    public PriceRepository(Database database) {
        this.database = database;
    }

    /** The primary key of a price, by which the list is sorted. */
    public record Key(String model, LocalDate validFrom) {
        public static Key of(Price price) {
            return new Key(price.model(), price.validFrom());
        }
    }

    /** Returns a page of the prices, by model and day. */
    public Page<Price> page(@Nullable Key after, int limit) {
        Conditions range = new Conditions();
        if (after != null) {
            range.and("(model, valid_from) > (?, ?)", List.of(after.model(), after.validFrom()));
        }
        return Page.read(database, limit, session -> session.sql(LIST.formatted(range.sql()), range, limit + 1)
                .page(limit, Price.ROW, price -> Page.length(price.model())));
    }

    /**
     * Returns a text that changes if a price of the model is set or deleted.
     *
     * @param model the model of a task; null if it is unknown
     */
    public String state(@Nullable String model) {
        return database.lookUp(session -> session.sql(STATE, model).single(row -> String.valueOf(row.getString(1))));
    }

    /** Adds a price, or replaces that of the same model and day. An equal price is not changed. */
    public void set(Price price, String caller) {
        database.inTransaction(session -> {
            int changed = session.sql(
                            SET,
                            price.model(),
                            price.validFrom(),
                            price.currency(),
                            price.inputPrice(),
                            price.cachedPrice(),
                            price.outputPrice(),
                            caller)
                    .update();
            if (changed == 1) {
                AuditLog.addInTransaction(session, new AuditEntry(caller, "set_price", null, detail(price)));
            }
            return changed;
        });
    }

    /** Deletes a price. Returns false if it does not exist. */
    public boolean delete(Key key, String caller) {
        return database.inTransaction(session -> {
            boolean deleted = session.sql(DELETE, key.model(), key.validFrom()).update() == 1;
            if (deleted) {
                Map<String, String> detail = Map.of(
                        "model", key.model(), "valid_from", key.validFrom().toString());
                AuditLog.addInTransaction(session, new AuditEntry(caller, "delete_price", null, detail));
            }
            return deleted;
        });
    }

    private static Map<String, String> detail(Price price) {
        return Map.of(
                "model", price.model(),
                "valid_from", price.validFrom().toString(),
                "currency", price.currency(),
                "input_price", decimal(price.inputPrice()),
                "cached_price", decimal(price.cachedPrice()),
                "output_price", decimal(price.outputPrice()));
    }

    private static String decimal(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
