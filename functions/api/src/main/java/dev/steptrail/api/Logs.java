package dev.steptrail.api;

import dev.steptrail.stepformat.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the log may tell of a request: its route and its task. Its path, query, headers and body stay out. */
final class Logs {
    private Logs() {}

    /** As fields of a line. What stands for an id and is none is the caller's text, and is left out. */
    static Map<String, String> fields(GatewayRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("route", request.routeKey());
        String stepId = request.variable("step_id");
        String id = stepId.isEmpty() ? request.variable("task_id") : stepId.replaceFirst("\\..*", "");
        if (TaskId.parse(id).isPresent()) {
            fields.put("task_id", id);
        }
        return fields;
    }

    /** The same with one more. */
    static Map<String, String> fields(GatewayRequest request, String name, String value) {
        Map<String, String> fields = fields(request);
        fields.put(name, value);
        return fields;
    }
}
