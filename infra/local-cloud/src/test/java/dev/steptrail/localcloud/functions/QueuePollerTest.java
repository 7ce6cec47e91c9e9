package dev.steptrail.localcloud.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueuePollerTest {
    private static final Set<String> BATCH = Set.of("a", "b", "c");

    @Test
    void listedMessages_fail_andOthersSucceed() {
        assertThat(failures("{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}"))
                .containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"batchItemFailures\":[]}", "{\"batchItemFailures\":null}"})
    void emptyResponse_meansThatAllSucceeded(String answer) {
        assertThat(failures(answer)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"messageId\":\"a\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"},{\"itemIdentifier\":\"z\"}]}",
                "{\"batchItemFailures\":\"a\"}",
                "no JSON"
            })
    void invalidResponse_meansThatAllFailed(String answer) {
        assertThat(failures(answer)).isEqualTo(BATCH);
    }

    private static Set<String> failures(String answer) {
        return QueuePoller.failedIds(answer.getBytes(StandardCharsets.UTF_8), BATCH);
    }
}
