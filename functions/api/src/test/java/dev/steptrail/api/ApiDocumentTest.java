package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.contract.ApiDocument;
import dev.steptrail.api.contract.DocumentNode;
import dev.steptrail.api.contract.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the API document itself; {@link Api} checks the responses of tests against it. */
class ApiDocumentTest {
    @Test
    void everyExample_matchesItsSchema_andEveryResponseHasOne() {
        List<DocumentNode> holders = new ArrayList<>();
        for (Operation operation : ApiDocument.operations()) {
            holders.addAll(operation.method().at("parameters").members());
            holders.addAll(operation.method().at("requestBody").at("content").members());
            for (DocumentNode response : operation.method().at("responses").members()) {
                List<DocumentNode> contents = response.at("content").members();
                assertThat(contents)
                        .allSatisfy(content -> assertThat(content.at("example").exists())
                                .as(content.pointer())
                                .isTrue());
                holders.addAll(contents);
            }
        }
        holders.removeIf(holder -> !holder.at("example").exists());

        assertThat(holders).hasSizeGreaterThan(100).allSatisfy(holder -> assertThat(ApiDocument.errors(
                        holder.at("schema"), holder.at("example").node()))
                .as(holder.pointer())
                .isEmpty());
    }

    @Test
    void everyProblemOfTheDocument_existsInTheService() {
        List<String> types =
                Arrays.stream(Problem.Kind.values()).map(kind -> kind.type).toList();
        for (DocumentNode response :
                ApiDocument.root().at("components").at("responses").members()) {
            for (var type : response.node().findValues("enum")) {
                type.forEach(name -> assertThat(name.asText()).isIn(types));
            }
        }
    }

    /** Otherwise a response could have undocumented fields. Partial schemas are closed where they are used. */
    @Test
    void everyObject_specifiesAdditionalProperties() {
        List<String> open = new ArrayList<>();
        for (String part : List.of("schemas", "responses")) {
            ApiDocument.root().at("components").at(part).members().stream()
                    .filter(schema -> !schema.name().matches("(Task|Share|Rejected)Fields"))
                    .forEach(schema -> findOpen(schema.pointer(), schema.node(), open));
        }
        assertThat(open)
                .containsExactly(
                        "/components/schemas/Screenshot", // open for unknown fields of the sender
                        "/components/schemas/ScreenshotPage/properties/screenshots/items");
    }

    private static void findOpen(String pointer, JsonNode node, List<String> open) {
        boolean object =
                node.path("properties").isObject() && node.path("type").asText().equals("object");
        if (object && !node.has("additionalProperties") && !node.has("unevaluatedProperties")) {
            open.add(pointer);
        }
        node.properties().forEach(field -> findOpen(pointer + "/" + field.getKey(), field.getValue(), open));
    }

    @Test
    void everyRoute_documentsItsErrors() {
        for (Operation operation : ApiDocument.operations()) {
            boolean open = operation.method().at("security").exists()
                    && operation.method().at("security").node().isEmpty();
            assertThat(operation.response(401).exists()).as(operation.key()).isEqualTo(!open);
            assertThat(operation.response(400).exists()).as(operation.key()).isTrue();
            assertThat(operation.method().text("summary")).as(operation.key()).isNotEmpty();
        }
    }
}
