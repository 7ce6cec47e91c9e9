package dev.steptrail.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The API document, infra/openapi.yaml. */
public final class ApiDocument {
    private static final String ID = "urn:steptrail:openapi";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private static final JsonNode ROOT = read();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, // the dialect of OpenAPI 3.1
            registry -> registry.schemas(Map.of(ID, ROOT.toString()))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build()));

    private ApiDocument() {}

    /** Returns all operations. */
    public static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (DocumentNode path : root().at("paths").members()) {
            for (DocumentNode method : path.members()) {
                if (METHODS.contains(method.name())) {
                    operations.add(new Operation(path, method));
                }
            }
        }
        return operations;
    }

    public static DocumentNode root() {
        return new DocumentNode("", ROOT);
    }

    /** Returns the errors of a value against the schema at a place of the document. */
    public static List<String> errors(DocumentNode schema, JsonNode value) {
        return REGISTRY.getSchema(SchemaLocation.of(ID + "#" + schema.pointer())).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Path.of("../../infra/openapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
