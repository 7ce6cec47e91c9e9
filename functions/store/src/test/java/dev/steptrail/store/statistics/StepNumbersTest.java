package dev.steptrail.store.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepNumbersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|{[7,7]}",
                "1 2 3|{[1,3]}",
                "1 3 4 9|{[1,1],[3,4],[9,9]}",
                "2147483646 2147483647|{[2147483646,2147483647]}",
            })
    void consecutiveNumbers_areOneRange(String numbers, String ranges) {
        StepNumbers written = new StepNumbers();
        Arrays.stream(numbers.split(" ")).map(Integer::valueOf).forEach(written::add);

        assertThat(written.toMultirange()).isEqualTo(ranges);
    }

    @Test
    void withoutNumbers_itIsEmpty() {
        assertThat(new StepNumbers().toMultirange()).isEqualTo("{}");
    }
}
