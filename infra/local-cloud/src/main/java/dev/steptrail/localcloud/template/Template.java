package dev.steptrail.localcloud.template;

import java.util.List;
import java.util.Map;

/**
 * What a template asks for, with every reference resolved. Immutable.
 *
 * @param outputs the template's outputs by name, less those that only the cloud can give
 */
public record Template(
        List<Queue> queues,
        List<Bucket> buckets,
        List<Function> functions,
        List<CustomResource> customResources,
        List<Route> routes,
        Map<String, String> outputs) {
    public Template {
        queues = List.copyOf(queues);
        buckets = List.copyOf(buckets);
        functions = List.copyOf(functions);
        customResources = List.copyOf(customResources);
        routes = List.copyOf(routes);
        outputs = Map.copyOf(outputs);
    }

    /**
     * An output's value.
     *
     * @throws TemplateException when the template has no such output
     */
    public String output(String name) {
        String value = outputs.get(name);
        if (value == null) {
            throw new TemplateException("Outputs: there is no " + name + ", which the local cloud needs");
        }
        return value;
    }
}
