package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsIT extends ApiTestBase {
    private static final String STATS = "GET /api/stats";
    private static final String MARCH = "since=2026-03-01&until=2026-03-31&";

    private final Api ida = new Api(HANDLER, Map.of("sub", "ida"));

    @BeforeAll
    static void count() {
        DATABASE.execute("""
                INSERT INTO step_stats_daily (day, owner, agent, model, device_id, step_type, total_steps, successful_steps,
                                              failed_steps, total_duration_ms, total_model_ms, retries, screenshots,
                                              screenshot_bytes, usage_steps, input_tokens, cached_tokens,
                                              output_tokens, durations, model_times)
                VALUES ('2026-03-01', 'ida',  'glm-agent', 'glm', 'phone-1', 'action', 10, 8, 2, 1000, 0, 0, 0, 0, 0, 0, 0, 0, '', ''),
                       ('2026-03-01', 'ida',  'other',     'gpt', '',        'action',  5, 5, 0,  500, 0, 0, 0, 0, 0, 0, 0, 0, '', ''),
                       ('2026-03-02', 'ida',  'glm-agent', 'glm', 'phone-1', 'error',   1, 0, 1,  100, 0, 0, 0, 0, 0, 0, 0, 0, '', ''),
                       ('2026-03-02', 'jack', 'glm-agent', 'glm', 'phone-2', 'action', 90, 0, 0,    0, 0, 0, 0, 0, 0, 0, 0, 0, '', '')
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|2026-03-01 15 13 2 1500,2026-03-02 1 0 1 100",
                "group_by=agent|glm-agent 11 8 3 1100,other 5 5 0 500",
                "group_by=model&agent=other|gpt 5 5 0 500",
                "group_by=device_id|phone-1 11 8 3 1100, 5 5 0 500",
                "group_by=step_type&model=glm|action 10 8 2 1000,error 1 0 1 100",
                "type=error|2026-03-02 1 0 1 100",
                "device_id=phone-2|''",
            })
    void steps_areSummedByGroup(String query, String sums) {
        assertThat(sums(ida.get(STATS, null, MARCH + (query == null ? "" : query))
                        .json()))
                .isEqualTo(sums);
    }

    @Test
    void admin_seesAllOwnersOrOne() {
        assertThat(sums(admin.get(STATS, null, MARCH + "owner=jack").json())).isEqualTo("2026-03-02 90 0 0 0");
        assertThat(sums(admin.get(STATS, null, MARCH).json())).contains("2026-03-02 91 0 1 100");
        assertThat(ida.get(STATS, null, MARCH + "owner=jack").status()).isEqualTo(400);
    }

    @Test
    void withoutRange_isTheLastThirtyDays() {
        JsonNode answer = ida.get(STATS, null, "until=2026-03-30").json();

        assertThat(answer.get("since").asText()).isEqualTo("2026-03-01");
        assertThat(answer.get("stats")).hasSize(2);
        assertThat(ida.get(STATS, null).json().get("stats")).isEmpty();
    }

    @Test
    void timesAndRates_withoutValues_areNull() {
        JsonNode day = ida.get(STATS, null, MARCH).json().get("stats").get(0);

        assertThat(day.at("/step_duration/p50_ms").isNull()).isTrue();
        assertThat(day.at("/model_time/total_ms").isNull()).isTrue();
        assertThat(day.get("tasks").asInt()).isZero();
        assertThat(day.get("pass_rate").isNull()).isTrue();
    }

    private static String sums(JsonNode answer) {
        List<String> sums = new ArrayList<>();
        answer.get("stats").forEach(sum -> {
            List<String> values = new ArrayList<>();
            sum.elements().forEachRemaining(value -> values.add(value.asText()));
            sums.add(String.join(" ", values.subList(0, 5)));
        });
        return String.join(",", sums);
    }
}
