package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TasksExportRequestTest {
    private static final String STATE = "0123456789abcdef";
    private static final TaskFilter ALL = of("alice", null);

    @Test
    void key_startsWithTheDeletionPrefix() {
        assertThat(new TasksExportRequest("alice", ALL, STATE, 0).key())
                .matches("exports/alice/tasks\\.[0-9a-f]{32}\\.jsonl");
        assertThat(new TasksExportRequest("root", of(null, null), STATE, 0).key())
                .matches("exports/tasks\\.[0-9a-f]{32}\\.jsonl");
    }

    @Test
    void message_needsNoEscape_andCanBeParsed() {
        List<Facet> facets =
                List.of(new Facet("metadata.a.b", "1,\n"), new Facet("metadata.相机", "."), Facet.tag("a,b"));
        Instant time = Instant.parse("2026-03-01T10:00:00.5Z");
        TaskFilter each = new TaskFilter(
                "a/b",
                "failed",
                "\"a\" & b=c",
                "glm+4",
                "相机 📷",
                time,
                time,
                "100%\\",
                facets,
                "none",
                "nightly 1",
                "a|b");
        TasksExportRequest key = new TasksExportRequest("al ice", each, STATE, 12);

        assertThat(key.message()).matches("tasks\\?[A-Za-z0-9_-]+");
        assertThat(TasksExportRequest.parse(key.message())).contains(key);
    }

    @Test
    void key_ofAnotherFilterStateDeletionOrCaller_differs() {
        Stream<TaskFilter> filters = Stream.of(
                ALL,
                of("alice", "x"),
                with(Facet.tag("a")),
                with(Facet.tag("b")),
                with(Facet.tag("a"), Facet.tag("b")),
                with(Facet.tag("a.b")),
                with(new Facet("metadata.a", "b")),
                with(new Facet("metadata.b", "a")),
                new TaskFilter("alice", null, null, null, null, null, null, null, List.of(), "pass", null, null),
                new TaskFilter("alice", null, null, null, null, null, null, null, List.of(), "none", null, null),
                new TaskFilter("alice", null, null, null, null, null, null, null, List.of(), null, "pass", null),
                new TaskFilter("alice", null, null, null, null, null, null, null, List.of(), null, null, "pass"));
        Stream<TasksExportRequest> others = Stream.of(
                new TasksExportRequest("root", ALL, STATE, 0),
                new TasksExportRequest("alice", ALL, "f" + STATE.substring(1), 0),
                new TasksExportRequest("alice", ALL, STATE, 1));

        assertThat(Stream.concat(filters.map(TasksExportRequestTest::request), others)
                        .map(TasksExportRequest::key))
                .doesNotHaveDuplicates();
        assertThat(request(with(Facet.tag("b"), Facet.tag("a"), Facet.tag("b"))).key())
                .isEqualTo(request(with(Facet.tag("a"), Facet.tag("b"))).key());
    }

    private static TasksExportRequest request(TaskFilter filter) {
        return new TasksExportRequest("alice", filter, STATE, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "not JSON", """
                {"caller":"a","filter":FILTER,"state":"0123","deleted":0}""", """
                {"caller":"a","filter":FILTER,"state":"0123456789abcdef","deleted":-1}""", """
                {"caller":"a","filter":FILTER,"state":"0123456789abcdef","deleted":0,"more":1}""", """
                {"caller":"a","filter":{"facets":[],"since":"now"},"state":"0123456789abcdef","deleted":0}""", """
                {"caller":"a","filter":{"facets":["a"]},"state":"0123456789abcdef","deleted":0}""", """
                {"caller":"a","filter":null,"state":"0123456789abcdef","deleted":0}""", """
                {"caller":null,"filter":FILTER,"state":"0123456789abcdef","deleted":0}"""})
    void parse_otherJson_isEmpty(String json) {
        String filter = """
                {"owner":null,"status":null,"agent":null,"model":null,"deviceId":null,"since":null,"until":null,\
                "text":null,"facets":[],"verdict":null,"experiment":null,"caseId":null}""";

        assertThat(TasksExportRequest.parse(message(json.replace("FILTER", filter))))
                .isEmpty();
        assertThat(TasksExportRequest.parse(message("""
                {"caller":"a","filter":FILTER,"state":"0123456789abcdef","deleted":0}""".replace("FILTER", filter))))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tasks?", "tasks?caller", "tasks?%zz", "tasks?caller=YQ&deleted=MA"})
    void parse_otherText_isEmpty(String message) {
        assertThat(TasksExportRequest.parse(message)).isEmpty();
    }

    private static String message(String json) {
        return "tasks?" + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static TaskFilter with(Facet... facets) {
        return new TaskFilter("alice", null, null, null, null, null, null, null, List.of(facets), null, null, null);
    }

    private static TaskFilter of(String owner, String text) {
        return new TaskFilter(owner, null, null, null, null, null, null, text, List.of(), null, null, null);
    }
}
