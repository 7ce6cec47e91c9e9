package dev.steptrail.phone.autoglm;

import dev.steptrail.tracker.UnparseableReplyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fuzz target, called by Jazzer. Any reply is unparseable, or becomes a map of JSON values. In the usual form of
 * {@code Type} and {@code finish}, the text is exactly what is between the first and the last quote. Any other
 * exception is a finding.
 */
public final class FuzzActionParser {
    private static final String END_OF_ANSWER = "</answer>";
    private static final Pattern TAG = Pattern.compile("</?(think|answer)>");
    private static final Pattern TYPE =
            Pattern.compile("do\\(action=\"(?:Type|Type_Name)\", text=\"(.*)\"\\)", Pattern.DOTALL);
    private static final Pattern FINISH = Pattern.compile("finish\\(message=\"(.*)\"\\)", Pattern.DOTALL);

    private FuzzActionParser() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ModelReply reply = ModelReply.of(text);
        String untagged = PythonText.strip(reply.untaggedAction());
        require(text.replace(END_OF_ANSWER, "").contains(untagged), "changed action");
        require(isSubsequence(reply.readableThinking(), text), "changed thinking");
        require(
                TAG.matcher(reply.thinking()).find() || reply.readableThinking().equals(reply.thinking()),
                "shortened thinking");
        Map<String, Object> action;
        try {
            action = ActionParser.parse(reply);
        } catch (UnparseableReplyException rejected) {
            require(!String.valueOf(rejected.getMessage()).isBlank(), "no message");
            require(
                    !TYPE.matcher(untagged).matches()
                            && !FINISH.matcher(untagged).matches(),
                    "rejected text");
            return;
        }
        boolean finished = action.get("_metadata").equals("finish");
        require(finished || action.get("_metadata").equals("do"), "neither do nor finish");
        require(!finished || (action.size() == 2 && text.contains((String) action.get("message"))), "changed message");
        Matcher typed = TYPE.matcher(untagged);
        if (typed.matches()) {
            require(action.equals(Map.of("_metadata", "do", "action", "Type", "text", typed.group(1))), "changed text");
        }
        Matcher message = FINISH.matcher(untagged);
        if (message.matches()) {
            require(action.equals(Map.of("_metadata", "finish", "message", message.group(1))), "changed message");
        }
        action.values().forEach(value -> requireJson(value, 0));
    }

    private static boolean isSubsequence(String part, String whole) {
        int position = 0;
        for (int i = 0; i < part.length(); i++) {
            position = whole.indexOf(part.charAt(i), position) + 1;
            if (position == 0) {
                return false;
            }
        }
        return true;
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
