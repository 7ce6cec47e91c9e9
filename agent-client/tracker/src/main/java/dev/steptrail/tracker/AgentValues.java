package dev.steptrail.tracker;

import dev.steptrail.stepformat.JsonValues;
import java.util.Map;

/** What an agent hands in, as values of JSON. */
final class AgentValues {
    private AgentValues() {}

    /** A deep copy. What throws when it is read is told in the copy's place: the agent must not meet that here. */
    static Map<String, Object> copyOf(Map<String, ?> values) {
        try {
            return JsonValues.copyOf(values);
        } catch (Throwable e) { // an Error of the agent's own classes, too, would be its end here
            return Map.of("x_unreadable", e.getClass().getName());
        }
    }
}
