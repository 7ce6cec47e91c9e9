package dev.steptrail.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.api.Api;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests that the check of responses finds errors. */
class ResponseValidatorTest {
    private static final String HEALTH = "GET /health";
    private static final String GOOD = "{\"status\":\"ok\"}";
    private static final DocumentNode REPORT =
            ApiDocument.root().at("components").at("schemas").at("Report");

    private static final Map<String, String> HEADERS =
            Map.of("content-type", "application/json", "cache-control", "no-store");

    @Test
    void documentedResponse_passes() {
        assertThat(ResponseValidator.violations(HEALTH, answer(200, HEADERS, GOOD)))
                .isEmpty();
    }

    @Test
    void undocumentedStatusHeaderTypeOrBody_isFound() {
        assertFound(answer(201, HEADERS, GOOD), "status 201 is not in the document");
        assertFound(answer(200, headers("cache-control", null), GOOD), "the header cache-control is missing");
        assertFound(
                answer(200, headers("content-type", "text/html"), GOOD),
                "a body of type text/html is not in the document");
        assertFound(answer(200, headers("x-more", "1"), GOOD), "the header x-more is not in the document");
        assertFound(answer(200, headers("cache-control", "public"), GOOD), "'no-store'");
        assertFound(answer(200, HEADERS, "{}"), "'status' not found");
        assertFound(answer(200, HEADERS, "{\"status\":\"ok\",\"more\":1}"), "'more'");
    }

    /** Returns valid headers except one. */
    private static Map<String, String> headers(String name, String value) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.put(name, value);
        headers.values().removeIf(Objects::isNull);
        return headers;
    }

    @Test
    void undocumentedFieldOfAReport_isFound() {
        ObjectNode report = ApiDocument.root()
                .node()
                .at("/components/responses/Report/content/application~1json/example")
                .deepCopy();
        assertThat(ApiDocument.errors(REPORT, report)).isEmpty();

        ((ObjectNode) report.at("/timeline/0")).put("more", 1);
        assertThat(ApiDocument.errors(REPORT, report)).isNotEmpty();
    }

    @Test
    void undocumentedRoute_mayOnlyReturn404() {
        assertThat(ResponseValidator.violations("GET /nowhere", answer(200, HEADERS, GOOD)))
                .containsExactly("a route that is not in the document answers 200");
    }

    private static void assertFound(Api.Answer answer, String violation) {
        assertThat(ResponseValidator.violations(HEALTH, answer))
                .singleElement()
                .asString()
                .contains(violation);
    }

    private static Api.Answer answer(int status, Map<String, String> headers, String body) {
        return new Api.Answer(status, headers, body, "");
    }
}
