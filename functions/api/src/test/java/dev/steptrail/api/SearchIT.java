package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a text search in a large task scans a limited part per page. */
class SearchIT extends ApiTestBase {
    @ParameterizedTest
    @CsvSource({"asc, '2,50', 2", "desc, '50,2', 2"})
    void longTexts_areScannedMegabyteByMegabyte(String order, String numbers, int pages) {
        write(started(task));
        insert(50, "CASE WHEN n IN (2, 50) THEN 'Needle ' ELSE '' END || repeat('Ab', 131000)");

        List<List<Integer>> found = search("text=needle&order=" + order);

        assertThat(found).hasSize(pages);
        assertThat(found.stream().flatMap(List::stream).map(String::valueOf).reduce((a, b) -> a + "," + b))
                .hasValue(numbers);
    }

    @Test
    void pageWithoutMatches_hasACursor() {
        write(started(task));
        insert(10_001, "CASE WHEN n = 10001 THEN 'needle' ELSE 'hay' END");

        assertThat(search("text=needle")).containsExactly(List.of(), List.of(10_001));
        assertThat(search("text=needle&type=action")).containsExactly(List.of(), List.of(10_001));
        assertThat(search("text=needle&type=note")).containsExactly(List.of());
        assertThat(search("text=needle&min_number=2")).containsExactly(List.of(10_001), List.of());
    }

    private void insert(int steps, String thinking) {
        DATABASE.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, thinking, created_at) SELECT '"
                        + task + "', n, 'action', '{}', " + thinking + ", now() FROM generate_series(1, " + steps
                        + ") AS n");
    }

    private List<List<Integer>> search(String query) {
        List<List<Integer>> pages = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = alice.get(STEPS, task.toString(), query + "&limit=1000" + cursor)
                    .json();
            List<Integer> numbers = new ArrayList<>();
            page.get("steps")
                    .forEach(step -> numbers.add(step.get("step_number").asInt()));
            pages.add(numbers);
            cursor = page.get("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("next_cursor").asText();
        } while (!cursor.isEmpty());
        return pages;
    }
}
