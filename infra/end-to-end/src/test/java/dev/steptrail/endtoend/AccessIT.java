package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the owner and admins can read a task. */
class AccessIT {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String NOBODYS = "01900000-0000-7000-8000-000000000000";

    private final CloudProcess cloud = CloudProcess.shared();
    private final String task = Imports.samples().taskOf("weather-finished.json");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks/%s",
                "/api/tasks/%s/steps",
                "/api/tasks/%s/report",
                "/api/tasks/%s/screenshots",
                "/api/steps/%s.1/screenshot",
                "/api/steps/%s.1/screenshot?redirect=false",
                "/api/steps/%s.999/screenshot"
            })
    void taskOfAnotherOwner_returnsTheSame404AsAMissingTask(String path) throws Exception {
        Api other = cloud.apiOf("other", Map.of(), HOUR);

        Api.Answer others = other.get(path.formatted(task));
        Api.Answer nobodys = other.get(path.formatted(NOBODYS));

        assertThat(others.status()).isEqualTo(404);
        assertThat(nobodys.status()).isEqualTo(404);
        assertThat(withoutTraceId(others)).isEqualTo(withoutTraceId(nobodys)).doesNotContain(task);
        assertThat(comparableHeaders(others)).isEqualTo(comparableHeaders(nobodys));
    }

    @Test
    void taskOfAnotherOwner_isNotListed() throws Exception {
        assertThat(cloud.apiOf("other", Map.of(), HOUR).get("/api/tasks").text())
                .isEqualTo("{\"tasks\":[],\"next_cursor\":null}");
    }

    @Test
    void admin_readsTheSameAsTheOwner() throws Exception {
        Api admin = cloud.apiOf("root", Map.of("cognito:groups", List.of("staff", "steptrail-admin")), HOUR);

        for (String path : List.of("/api/tasks/%s", "/api/tasks/%s/steps", "/api/tasks/%s/report")) {
            String asked = path.formatted(task);
            assertThat(admin.json(asked)).isEqualTo(cloud.api().json(asked));
        }
        assertThat(admin.get("/api/steps/" + task + ".1/screenshot").status()).isEqualTo(302);
        assertThat(admin.get("/api/tasks?limit=1000").text()).contains(task);
    }

    @Test
    void health_needsNoToken() throws Exception {
        assertThat(new Api(cloud.api().address(), null).get("/health").text()).isEqualTo("{\"status\":\"ok\"}");
    }

    private static String withoutTraceId(Api.Answer answer) {
        assertThat(answer.text()).containsPattern("\"trace_id\":\"[^\"]+\"");
        return answer.text().replaceFirst("\"trace_id\":\"[^\"]+\"", "\"trace_id\":\"\"");
    }

    private static Map<String, List<String>> comparableHeaders(Api.Answer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeAll(List.of("date", "apigw-requestid"));
        return headers;
    }
}
