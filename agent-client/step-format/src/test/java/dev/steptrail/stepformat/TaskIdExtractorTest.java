package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdExtractorTest {
    private static final String TASK = "01a20e42-10e9-7923-920f-3c01bb59c63d";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":2,\"nested\":{\"task_id\":\"other\"},\"list\":[{}],\"task_id\":\"TASK\",\"step_number\":\"one\"}",
                "{\"payload\":{\"size\":[1],\"path\":\"payloads/sender/TASK/file/and/more\"}}",
                "{\"payload\":{\"path\":\"payloads/sender/00000000-0000-0000-0000-000000000000/a\"},\"task_id\":\"TASK\"}",
                "{\"task_id\":\"TASK\", not JSON"
            })
    void fromElement_invalidElement_findsTask(String element) {
        assertThat(TaskIdExtractor.fromElement(element.replace("TASK", TASK))).isEqualTo(UUID.fromString(TASK));
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
                "{\"payload\":\"TASK\"}",
                "{\"payload\":{\"path\":\"TASK\"}}",
                "{\"payload\":{\"path\":[\"payloads/sender/TASK/a\"]}}",
                "{\"nested\":{\"task_id\":\"TASK\"}}"
            })
    void fromElement_withoutTask_returnsNull(String element) {
        assertThat(TaskIdExtractor.fromElement(element.replace("TASK", TASK))).isNull();
    }

    @Test
    void fromElement_unclosedNesting_returnsNull() {
        assertThat(TaskIdExtractor.fromElement("{\"a\":" + "[".repeat(100_000))).isNull();
    }
}
