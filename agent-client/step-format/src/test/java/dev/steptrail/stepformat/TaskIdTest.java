package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
    private static final String TASK = "01a20e42-10e9-7923-920f-3c01bb59c63d";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":2,\"nested\":{\"task_id\":\"other\"},\"list\":[{}],\"task_id\":\"TASK\",\"step_number\":\"one\"}",
                "{\"task_id\":\"TASK\", not JSON"
            })
    void findIn_invalidElement_findsTask(String element) {
        assertThat(TaskId.findIn(element.replace("TASK", TASK))).isEqualTo(UUID.fromString(TASK));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "[]",
                "{}",
                "{\"task_id\":7}",
                "{\"task_id\":\"../x\"}",
                "{\"nested\":{\"task_id\":\"TASK\"}}"
            })
    void findIn_withoutTask_returnsNull(String element) {
        assertThat(TaskId.findIn(element.replace("TASK", TASK))).isNull();
        assertThat(TaskId.findIn("{\"a\":" + "[".repeat(100_000) + element)).isNull();
    }
}
