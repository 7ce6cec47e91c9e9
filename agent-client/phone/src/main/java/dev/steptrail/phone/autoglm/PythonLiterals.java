package dev.steptrail.phone.autoglm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keyword arguments of a Python call whose values are literals, see {@link ActionParser}. Not thread-safe.
 */
final class PythonLiterals {
    static final int MAX_DEPTH = 16;
    private static final int MAX_DIGITS = 15;

    /** What starts like a number, which may be invalid. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]*(?:[eE][+-]?[0-9.]*)?");

    /** An escape sequence. Group 1 contains the hexadecimal digits of a code point. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:[0-7]{1,3}|[xuU]((?<=x)\\p{XDigit}{2}|(?<=u)\\p{XDigit}{4}|(?<=U)\\p{XDigit}{8})|.)",
            Pattern.DOTALL);

    private final String text;
    private int position;

    PythonLiterals(String text, int start) {
        this.text = text;
        position = start;
    }

    static final class SyntaxException extends Exception {
        SyntaxException(String message) {
            super(message);
        }
    }

    /** Adds the arguments up to the closing parenthesis. What follows it is ignored. */
    void readArguments(Map<String, Object> arguments) throws SyntaxException {
        while (!takes(')')) {
            String name = readName();
            if (!takes('=')) {
                throw new SyntaxException("an argument has no name");
            }
            if (arguments.containsKey(name)) {
                throw new SyntaxException("the argument '" + name + "' is given twice or reserved");
            }
            put(arguments, name, readValue(0));
            if (!takes(',') && !next(')')) {
                throw new SyntaxException("the arguments have no end");
            }
        }
    }

    @SuppressWarnings("NullAway") // None is recorded as null, like a JSON null
    private static void put(Map<String, Object> values, String name, @Nullable Object value) {
        values.put(name, value);
    }

    private String readName() throws SyntaxException {
        skipSpaces();
        int start = position;
        while (position < text.length() && Character.isJavaIdentifierPart(text.charAt(position))) {
            position++;
        }
        if (start == position) {
            throw new SyntaxException("an argument has no name");
        }
        return text.substring(start, position);
    }

    private @Nullable Object readValue(int depth) throws SyntaxException {
        if (depth > MAX_DEPTH) {
            throw new SyntaxException("its values are nested too deeply");
        }
        skipSpaces();
        if (position == text.length()) {
            throw new SyntaxException("a value is missing");
        }
        char first = text.charAt(position);
        if (first == '"' || first == '\'') {
            return readString();
        } else if (takes('[')) {
            return readList(']', depth);
        } else if (takes('(')) {
            return readList(')', depth);
        } else if (takes('{')) {
            return readDictionary(depth);
        } else if ("-+.0123456789".indexOf(first) >= 0) {
            return readNumber();
        }
        String name = readName();
        return switch (name) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            default -> throw new SyntaxException("'" + name + "' is not a value");
        };
    }

    private List<@Nullable Object> readList(char end, int depth) throws SyntaxException {
        List<@Nullable Object> values = new ArrayList<>();
        while (!takes(end)) {
            values.add(readValue(depth + 1));
            if (!takes(',') && !next(end)) {
                throw new SyntaxException("a list has no end");
            }
        }
        return values;
    }

    private Map<String, Object> readDictionary(int depth) throws SyntaxException {
        Map<String, Object> values = new LinkedHashMap<>();
        while (!takes('}')) {
            if (!(readValue(depth + 1) instanceof String key) || !takes(':')) {
                throw new SyntaxException("a dictionary has an invalid key");
            }
            put(values, key, readValue(depth + 1));
            if (!takes(',') && !next('}')) {
                throw new SyntaxException("a dictionary has no end");
            }
        }
        return values;
    }

    private Number readNumber() throws SyntaxException {
        Matcher token = NUMBER.matcher(text).region(position, text.length());
        position = token.lookingAt() ? token.end() : position;
        String number = text.substring(token.regionStart(), position);
        double value;
        try {
            value = Double.parseDouble(number);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        // A double represents whole numbers of this length exactly.
        if (!Double.isFinite(value) || number.replaceAll("[^0-9]", "").length() > MAX_DIGITS) {
            throw new SyntaxException("'" + number + "' is not a number");
        }
        if (number.matches(".*[.eE].*")) {
            return value;
        }
        return value == (int) value ? (Number) (int) value : (Number) (long) value;
    }

    private String readString() throws SyntaxException {
        char quote = text.charAt(position);
        int start = position + 1;
        int end = start;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw new SyntaxException("a string has no end");
        }
        position = end + 1;
        Matcher escape = ESCAPE.matcher(text).region(start, end);
        StringBuilder value = new StringBuilder();
        int copied = start;
        while (escape.find()) {
            value.append(text, copied, escape.start()).append(unescape(escape));
            copied = escape.end();
        }
        return value.append(text, copied, end).toString();
    }

    private static String unescape(MatchResult escape) throws SyntaxException {
        if (escape.group(1) != null) {
            int code = Integer.parseUnsignedInt(escape.group(1), 16);
            if (Character.isValidCodePoint(code)) {
                return Character.toString(code);
            }
        }
        String sequence = escape.group();
        return switch (sequence.charAt(1)) {
            case 'x', 'u', 'U' -> throw new SyntaxException("a string has an invalid escape sequence");
            case '0', '1', '2', '3', '4', '5', '6', '7' ->
                Character.toString(Integer.parseInt(sequence.substring(1), 8));
            case '\\', '\'', '"', 'b', 'f', 'n', 'r', 't' -> sequence.translateEscapes();
            case 'a' -> "\u0007";
            case 'v' -> "\u000b";
            default -> sequence;
        };
    }

    private void skipSpaces() {
        while (position < text.length() && PythonText.isSpace(text.charAt(position))) {
            position++;
        }
    }

    private boolean next(char c) {
        skipSpaces();
        return position < text.length() && text.charAt(position) == c;
    }

    /** Skips {@code c} if it is next. */
    private boolean takes(char c) {
        boolean found = next(c);
        if (found) {
            position++;
        }
        return found;
    }
}
