package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogTest {
    private final Map<byte[], LogLevel> written = new LinkedHashMap<>();
    private final LambdaLogger logger = new LambdaLogger() {
        @Override
        public void log(String message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void log(byte[] message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void log(byte[] message, LogLevel level) {
            written.put(message, level);
        }
    };
    private final Log log = new Log(logger, "request-1");

    @Test
    void line_isAJsonObjectWithTimeLevelEventAndRequestId() throws Exception {
        Instant before = Instant.now();

        log.error("an_event", Map.of("task_ids", List.of("a\nb", "c"), "count", 3, "when", Instant.EPOCH));

        Map.Entry<byte[], LogLevel> only = written.entrySet().iterator().next();
        assertThat(new String(only.getKey())).endsWith("}\n").hasLineCount(1);
        JsonNode line = new JsonMapper().readTree(only.getKey());
        assertThat(Instant.parse(line.get("timestamp").asText())).isBetween(before, Instant.now());
        assertThat(line.get("level").asText())
                .isEqualTo("ERROR")
                .isEqualTo(only.getValue().name());
        assertThat(line.get("event").asText()).isEqualTo("an_event");
        assertThat(line.get("AWSRequestId").asText()).isEqualTo("request-1");
        assertThat(line.get("task_ids").get(0).asText()).isEqualTo("a\nb");
        assertThat(line.get("count").isInt()).isTrue();
        assertThat(line.get("when").asText()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void line_isLoggedAtItsLevel() {
        log.info("one", Map.of());
        log.warn("two", Map.of());
        log.error("three", Map.of());

        assertThat(written.values()).containsExactly(LogLevel.INFO, LogLevel.WARN, LogLevel.ERROR);
    }
}
