package dev.steptrail.store.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.roles.FunctionLogin;
import dev.steptrail.store.usage.PriceRepository.Key;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prices, changed with the login of the API. */
class PriceRepositoryIT {
    private final TestDatabase database = TestDatabase.migrated();
    private final PriceRepository prices = new PriceRepository(database.database(FunctionLogin.API));

    private static Price price(String model, String day, String input) {
        return new Price(
                model, LocalDate.parse(day), "USD", new BigDecimal(input), new BigDecimal("0.5"), new BigDecimal(15));
    }

    private List<String> audit() {
        return database.column("SELECT action || ' ' || caller || ' ' || detail FROM audit_log ORDER BY id");
    }

    @Test
    void set_addsOrReplaces_andIsAuditedOnlyIfItChangesThePrice() {
        prices.set(price("qwen/vl", "2026-03-01", "3"), "root");
        prices.set(price("qwen/vl", "2026-03-01", "3.00"), "other");
        prices.set(price("qwen/vl", "2026-03-01", "0.000000000001"), "other");

        assertThat(prices.page(null, 10).items()).containsExactly(price("qwen/vl", "2026-03-01", "0.000000000001"));
        assertThat(database.value("SELECT set_by FROM prices")).isEqualTo("other");
        assertThat(audit())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("set_price root ").contains("\"input_price\": \"3\""),
                        second -> assertThat(second)
                                .startsWith("set_price other ")
                                .contains("\"input_price\": \"0.000000000001\"", "\"currency\": \"USD\""));
    }

    @Test
    void delete_removesOnlyThePriceOfTheDay() {
        prices.set(price("glm", "2026-03-01", "3"), "root");
        prices.set(price("glm", "2026-03-02", "4"), "root");

        assertThat(prices.delete(new Key("glm", LocalDate.parse("2026-03-01")), "root"))
                .isTrue();
        assertThat(prices.delete(new Key("glm", LocalDate.parse("2026-03-01")), "root"))
                .isFalse();

        assertThat(prices.page(null, 10).items()).containsExactly(price("glm", "2026-03-02", "4"));
        assertThat(audit()).hasSize(3).last().asString().startsWith("delete_price root ");
    }

    @Test
    void list_isPaged_byModelAndDay() {
        for (String model : List.of("b", "a|b", "相")) {
            for (String day : List.of("2026-03-02", "2026-03-01")) {
                prices.set(price(model, day, "1"), "root");
            }
        }

        List<Key> keys = new ArrayList<>();
        Key after = null;
        boolean hasMore = true;
        while (hasMore) {
            var page = prices.page(after, 2);
            page.items().forEach(price -> keys.add(Key.of(price)));
            hasMore = page.hasMore();
            after = keys.get(keys.size() - 1);
        }

        assertThat(keys).hasSize(6).doesNotHaveDuplicates();
        assertThat(keys.get(0).model()).isEqualTo(keys.get(1).model());
        assertThat(keys.get(0).validFrom()).isEqualTo("2026-03-01");
    }
}
