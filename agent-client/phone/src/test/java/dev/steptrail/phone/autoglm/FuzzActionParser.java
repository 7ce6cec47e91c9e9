package dev.steptrail.phone.autoglm;

import dev.steptrail.tracker.UnparseableReplyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The fuzz target, called by Jazzer. Any reply is unparseable, or becomes a map of JSON values whose typed text is a part of
 * the reply. Any other exception is a finding.
 */
public final class FuzzActionParser {
    private FuzzActionParser() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ModelReply reply = ModelReply.of(text);
        require(
                text.contains(PythonText.strip(reply.untaggedAction())) || text.contains("</answer>"),
                "changed action");
        require(!reply.readableThinking().contains("</think>") || text.contains("<"), "tags in the thinking");
        Map<String, Object> action;
        try {
            action = ActionParser.parse(reply);
        } catch (UnparseableReplyException rejected) {
            require(!String.valueOf(rejected.getMessage()).isBlank(), "no message");
            return;
        }
        boolean finished = action.get("_metadata").equals("finish");
        require(finished || action.get("_metadata").equals("do"), "neither do nor finish");
        require(!finished || (action.size() == 2 && text.contains((String) action.get("message"))), "changed message");
        if (action.get("text") instanceof String typed && action.size() == 3 && "Type".equals(action.get("action"))) {
            require(text.contains(typed) || text.contains("\\") || text.contains("'Type'"), "changed text");
        }
        action.values().forEach(value -> requireJson(value, 0));
    }

    private static void requireJson(Object value, int depth) {
        require(depth <= PythonLiterals.MAX_DEPTH + 1, "nested too deeply");
        if (value instanceof List<?> list) {
            list.forEach(element -> requireJson(element, depth + 1));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> {
                require(key instanceof String, "a key that is not a string");
                requireJson(element, depth + 1);
            });
        } else {
            boolean finite = !(value instanceof Double number) || Double.isFinite(number);
            boolean scalar =
                    value == null || value instanceof String || value instanceof Boolean || value instanceof Number;
            require(scalar && finite, "not a JSON value");
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
