package dev.steptrail.localcloud.template;

import java.io.StringReader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template's resources and outputs as they are deployed with given parameters, without intrinsic functions. The
 * reference to a resource is its logical id.
 */
public record ResolvedTemplate(Map<String, Object> resources, Map<String, Object> outputs) {

    /** @param parameters values of parameters; the others have their defaults */
    public static ResolvedTemplate of(String yaml, Map<String, String> parameters) {
        Map<String, Object> template = TemplateYaml.parse(new StringReader(yaml));
        Map<String, String> references = new HashMap<>(
                Map.of("AWS::Region", "eu-central-1", "AWS::AccountId", "123456789012", "AWS::Partition", "aws"));
        section(template, "Parameters").forEach((name, parameter) -> {
            if (map(parameter).get("Default") instanceof String value) {
                references.put(name, value);
            }
        });
        references.putAll(parameters);
        section(template, "Resources").keySet().forEach(id -> references.put(id, id));
        IntrinsicResolver resolver = new IntrinsicResolver(references, section(template, "Conditions"));
        return new ResolvedTemplate(
                deployed(resolver, section(template, "Resources")), deployed(resolver, section(template, "Outputs")));
    }

    /** Returns the resources of a type by logical id. */
    public Map<String, Map<String, Object>> resources(String type) {
        Map<String, Map<String, Object>> found = new LinkedHashMap<>();
        resources.forEach((id, resource) -> {
            if (type.equals(map(resource).get("Type"))) {
                found.put(id, map(resource));
            }
        });
        return found;
    }

    private static Map<String, Object> deployed(IntrinsicResolver resolver, Map<String, Object> section) {
        Map<String, Object> deployed = new LinkedHashMap<>();
        section.forEach((id, item) -> {
            Map<String, Object> unconditional = new LinkedHashMap<>(map(item));
            Object condition = unconditional.remove("Condition");
            if (condition == null || resolver.isMet((String) condition, id)) {
                Object resolved = resolver.resolve(unconditional, id);
                deployed.put(id, resolved == null ? List.of() : resolved);
            }
        });
        return deployed;
    }

    private static Map<String, Object> section(Map<String, Object> template, String name) {
        return map(template.getOrDefault(name, Map.of()));
    }

    @SuppressWarnings("unchecked") // every map in a template has string keys
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}
