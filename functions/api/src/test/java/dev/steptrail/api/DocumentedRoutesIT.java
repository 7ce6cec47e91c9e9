package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.steptrail.aws.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the document, the template and the handler say of routes is the same. */
class DocumentedRoutesIT extends CallsApi {
    private static final Set<String> PAGES =
            PageRoutes.of(new Settings(SETTINGS)).keySet();

    @Test
    void templateAndHandler_haveTheSameRoutes_eachOfWhichIsInTheDocument_orAPage() throws IOException {
        Set<String> known = new TreeSet<>(documented().keySet());
        assertThat(known).doesNotContainAnyElementsOf(PAGES);
        known.addAll(PAGES);
        assertThat(known).isEqualTo(template().keySet()).isEqualTo(new TreeSet<>(HANDLER.routeKeys()));
    }

    @Test
    void pages_needNoToken() throws IOException {
        assertThat(template()).containsAllEntriesOf(PAGES.stream().collect(Collectors.toMap(key -> key, key -> false)));
    }

    /** Of no authorizer in the template the document says nothing, or that a link is needed. */
    @Test
    void document_andTemplate_askTheSameRoutesForAToken() throws IOException {
        Map<String, Boolean> asked = new TreeMap<>();
        documented()
                .forEach((key, operation) ->
                        asked.put(key, !operation.method().at("security").exists()));
        Map<String, Boolean> template = template();
        template.keySet().removeAll(PAGES);
        assertThat(asked).isEqualTo(template);
    }

    @Test
    void everyRoute_takesTheQueryParametersOfTheDocument_andNoOthers() {
        documented().forEach((key, operation) -> {
            Api.Answer refused = admin.get(key, task + (key.contains("{step_id}") ? ".1" : ""), "no_such_parameter=1");
            assertThat(refused.status()).as(key).isEqualTo(400);
            assertThat(taken(refused.json().get("detail").asText()))
                    .as(key)
                    .isEqualTo(Set.copyOf(operation.names("query")));
        });
    }

    @Test
    void everyVariableOfAPath_isDescribed() {
        documented().forEach((key, operation) -> assertThat(operation.names("path"))
                .as(key)
                .containsExactlyElementsOf(Pattern.compile("\\{(\\w+)}")
                        .matcher(key)
                        .results()
                        .map(variable -> variable.group(1))
                        .toList()));
    }

    /** As the answer to one that it does not take lists them. */
    private static Set<String> taken(String detail) {
        Matcher list = Pattern.compile(".*; it takes (.*)\\.").matcher(detail);
        assertThat(list.matches()).as(detail).isTrue();
        return list.group(1).equals("none") ? Set.of() : Set.of(list.group(1).split(", "));
    }

    private static Map<String, Operation> documented() {
        return ApiDocument.operations().stream()
                .collect(Collectors.toMap(Operation::key, operation -> operation, (a, b) -> a, TreeMap::new));
    }

    /** By route key, whether the gateway asks for a token. Its tags are passed over: none of them is of a route. */
    private static Map<String, Boolean> template() throws IOException {
        Map<String, Boolean> routes = new TreeMap<>();
        JsonNode template =
                new YAMLMapper().readTree(Path.of("../../sam-template.yaml").toFile());
        for (JsonNode event : template.at("/Resources/ApiFunction/Properties/Events").properties().stream()
                .map(Map.Entry::getValue)
                .toList()) {
            JsonNode route = event.get("Properties");
            routes.put(
                    route.get("Method").asText() + " " + route.get("Path").asText(),
                    !route.at("/Auth/Authorizer").asText().equals("NONE"));
        }
        return routes;
    }
}
