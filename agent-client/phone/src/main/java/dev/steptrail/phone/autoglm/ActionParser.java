package dev.steptrail.phone.autoglm;

import dev.steptrail.tracker.UnparseableReplyException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the actions of AutoGLM models: {@code do(action="Tap", element=[499,842])} and {@code finish(message="Done")}.
 * The text is read as data and never evaluated. The result is the map that Open-AutoGLM makes of it, such as
 * {@code {"_metadata":"do","action":"Tap","element":[499,842]}}.
 *
 * <p>Accepted like by Open-AutoGLM:
 *
 * <ul>
 *   <li>Quotes within the text of {@code Type}, {@code Type_Name} and {@code finish} need no escape, and a backslash
 *       stands for itself: the text ends at the last quote with a parenthesis. {@code Type_Name} becomes {@code Type}.
 *   <li>Line breaks and tabs within strings.
 *   <li>Strings in single or double quotes with Python's escape sequences; whole numbers and decimals with a sign;
 *       lists, tuples (as lists) and dictionaries; {@code None}, {@code True} and {@code False}; a comma after the last
 *       element.
 * </ul>
 *
 * <p>Also accepted, where Open-AutoGLM ends the task with the whole reply as its message, or types a wrong text:
 *
 * <ul>
 *   <li>Text after the closing parenthesis. If it contains a quote and a parenthesis, it may become a part of the text
 *       of {@code Type} and {@code finish}, unless it follows {@code </answer>}.
 *   <li>White space and line breaks between the arguments, around {@code =} and before the parenthesis.
 *   <li>Typographic quotes (“ ” and ‘ ’) around the text of {@code Type} and {@code finish}.
 *   <li>Further arguments after the text of {@code Type}.
 *   <li>{@code finish()}, with an empty message.
 * </ul>
 *
 * <p>Everything else throws {@link UnparseableReplyException}, where Open-AutoGLM reports a finished task: a truncated
 * reply (of which Open-AutoGLM types the text without its last two characters), positional arguments, an argument given
 * twice or named {@code _metadata}, numbers of more than 15 digits, and nesting beyond
 * {@value PythonLiterals#MAX_DEPTH} levels.
 */
final class ActionParser {
    static final String METADATA = "_metadata";
    static final String DO = "do";
    static final String FINISH = "finish";

    private static final Pattern TYPE = Pattern.compile("do\\s*\\(\\s*action\\s*=\\s*\"(?:Type|Type_Name)\"");
    private static final Pattern TEXT = Pattern.compile("text\\s*=\\s*");
    private static final Pattern MESSAGE = Pattern.compile("finish\\s*\\(\\s*message\\s*=\\s*");
    private static final Pattern EMPTY_FINISH = Pattern.compile("finish\\s*\\(\\s*\\).*", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("do\\s*\\(");
    private static final int MAX_QUOTED = 200;

    private ActionParser() {}

    /**
     * Returns the action of a reply.
     *
     * @throws UnparseableReplyException if it has none; the message quotes the beginning of the text
     */
    static Map<String, Object> parse(ModelReply reply) throws UnparseableReplyException {
        String text = reply.action();
        String action = PythonText.strip(reply.untaggedAction());
        Map<String, Object> parsed = new LinkedHashMap<>();
        Matcher message = MESSAGE.matcher(action);
        if (message.lookingAt()) {
            String rest = action.substring(message.end());
            int end = endOfText(rest);
            if (end < 0) {
                throw unparseable(text, "the message of finish has no end");
            }
            parsed.put(METADATA, FINISH);
            parsed.put("message", rest.substring(1, end));
            return parsed;
        }
        if (EMPTY_FINISH.matcher(action).matches()) {
            parsed.put(METADATA, FINISH);
            parsed.put("message", "");
            return parsed;
        }
        if (TYPE.matcher(action).lookingAt()) {
            Matcher argument = TEXT.matcher(action);
            if (!argument.find()) {
                throw unparseable(text, "Type has no text");
            }
            String rest = action.substring(argument.end());
            int end = endOfText(rest);
            if (end >= 0) {
                parsed.put(METADATA, DO);
                parsed.put("action", "Type");
                parsed.put("text", rest.substring(1, end));
                return parsed;
            }
        }
        Matcher call = CALL.matcher(action);
        if (!call.lookingAt()) {
            throw unparseable(text, "it is neither do(…) nor finish(…)");
        }
        parsed.put(METADATA, DO);
        try {
            new PythonLiterals(action, call.end()).readArguments(parsed);
        } catch (PythonLiterals.SyntaxException e) {
            throw unparseable(text, String.valueOf(e.getMessage()));
        }
        return parsed;
    }

    /** Returns the index of the quote that ends the text at the start of {@code rest}; -1 if there is none. */
    private static int endOfText(String rest) {
        if (rest.isEmpty()) {
            return -1;
        }
        char closing =
                switch (rest.charAt(0)) {
                    case '"' -> '"';
                    case '\'' -> '\'';
                    case '“' -> '”';
                    case '‘' -> '’';
                    default -> 0;
                };
        if (closing == 0) {
            return -1;
        }
        for (int parenthesis = rest.lastIndexOf(')');
                parenthesis > 1;
                parenthesis = rest.lastIndexOf(')', parenthesis - 1)) {
            int end = parenthesis - 1;
            while (end > 1 && PythonText.isSpace(rest.charAt(end))) {
                end--;
            }
            if (rest.charAt(end) == closing) {
                return end;
            }
        }
        return -1;
    }

    private static UnparseableReplyException unparseable(String text, String reason) {
        String line = text.replaceAll("\\s+", " ").strip();
        String quoted = line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "…";
        return new UnparseableReplyException(
                line.isEmpty()
                        ? "the model's reply is empty"
                        : "the model's reply is not an action: " + reason + ": " + quoted);
    }
}
