package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.api.contract.ApiDocument;
import dev.steptrail.api.contract.Operation;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tests that infra/openapi.yaml, sam-template.yaml and the handler have the same routes. */
class DocumentedRoutesIT extends ApiTestBase {
    private static final Set<String> PAGES =
            new ViewerPages(new Settings(SETTINGS)).routes().keySet();

    @Test
    void handler_hasTheRoutesOfTheDocument_andTheViewersPages() {
        Set<String> known = new TreeSet<>(documented().keySet());
        assertThat(known).doesNotContainAnyElementsOf(PAGES);
        known.addAll(PAGES);
        assertThat(known).isEqualTo(new TreeSet<>(HANDLER.routeKeys()));
    }

    /** When routes change, replace the template's {@code paths} with the expected text. */
    @Test
    void template_hasTheRoutesOfTheDocument_andTheViewersPages_withTheSameAuthorization() throws IOException {
        String template = Files.readString(Path.of("../../sam-template.yaml"));
        int paths = template.indexOf("        paths:\n");
        String routes = template.substring(paths, template.indexOf("          /$default:", paths));

        assertThat(routes).isEqualTo(generatedPaths());
    }

    @Test
    void everyRoute_allowsExactlyTheQueryParametersOfTheDocument() {
        documented().forEach((key, operation) -> {
            Api.Answer response = admin.get(key, task + (key.contains("{step_id}") ? ".1" : ""), "no_such_parameter=1");
            assertThat(response.status()).as(key).isEqualTo(400);
            assertThat(allowed(response.detail())).as(key).isEqualTo(Set.copyOf(operation.names("query")));
        });
    }

    @Test
    void everyPathVariable_isDocumented() {
        documented().forEach((key, operation) -> assertThat(operation.names("path"))
                .as(key)
                .containsExactlyElementsOf(Pattern.compile("\\{(\\w+)\\+?}")
                        .matcher(key)
                        .results()
                        .map(variable -> variable.group(1))
                        .toList()));
    }

    /** Returns the allowed parameters from the error message for an unknown one. */
    private static Set<String> allowed(String detail) {
        Matcher list = Pattern.compile(".*; allowed: (.*)\\.").matcher(detail);
        assertThat(list.matches()).as(detail).isTrue();
        return list.group(1).equals("none") ? Set.of() : Set.of(list.group(1).split(", "));
    }

    private static Map<String, Operation> documented() {
        return ApiDocument.operations().stream()
                .collect(Collectors.toMap(Operation::key, operation -> operation, (a, b) -> a, TreeMap::new));
    }

    /**
     * Generates the template's routes. An operation without {@code security} in the document requires a token, and the
     * viewer's pages require none.
     */
    private static String generatedPaths() {
        Map<String, Map<String, String>> paths = new TreeMap<>();
        documented()
                .forEach((key, operation) -> addRoute(
                        paths, key, operation.method().at("security").exists() ? "" : ", security: [{ jwt: [] }]"));
        PAGES.stream()
                .filter(key -> !key.equals(GatewayRequest.DEFAULT_ROUTE)) // has other settings in the template
                .forEach(key -> addRoute(paths, key, ""));
        StringBuilder text = new StringBuilder("        paths:\n");
        paths.forEach((path, methods) -> {
            text.append("          ").append(path).append(":\n");
            methods.forEach((method, security) -> text.append("            ")
                    .append(method)
                    .append(
                            ": { x-amazon-apigateway-integration: { $ref: \"#/components/x-amazon-apigateway-integrations/api\" }")
                    .append(security)
                    .append(" }\n"));
        });
        return text.toString();
    }

    private static void addRoute(Map<String, Map<String, String>> paths, String key, String security) {
        String[] methodAndPath = key.split(" ");
        paths.computeIfAbsent(methodAndPath[1], path -> new TreeMap<>())
                .put(methodAndPath[0].toLowerCase(Locale.ROOT), security);
    }
}
