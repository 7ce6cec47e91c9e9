package dev.steptrail.phone.autoglm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keyword arguments of a Python call whose values are literals, see {@link ActionParser}. Not thread-safe.
 */
final class PythonLiterals {
    static final int MAX_DEPTH = 16;
    private static final int MAX_DIGITS = 15;

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
        } else if (first == '-' || first == '+' || first == '.' || isDigit(first)) {
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
        int start = position;
        boolean whole = true;
        int digits = 0;
        for (; position < text.length(); position++) {
            char c = text.charAt(position);
            boolean afterExponent = position > start && "eE".indexOf(text.charAt(position - 1)) >= 0;
            boolean sign = (c == '-' || c == '+') && (position == start || afterExponent);
            if (isDigit(c)) {
                digits++;
            } else if (c == '.' || c == 'e' || c == 'E') {
                whole = false;
            } else if (!sign) {
                break;
            }
        }
        String number = text.substring(start, position);
        Supplier<SyntaxException> invalid = () -> new SyntaxException("'" + number + "' is not a number");
        if (digits > MAX_DIGITS || digits == 0) {
            throw invalid.get();
        }
        try {
            if (whole) {
                long value = Long.parseLong(number);
                return value == (int) value ? (Number) (int) value : (Number) value;
            }
            double value = Double.parseDouble(number);
            if (Double.isFinite(value)) {
                return value;
            }
            throw invalid.get();
        } catch (NumberFormatException e) {
            throw invalid.get();
        }
    }

    private String readString() throws SyntaxException {
        char quote = text.charAt(position++);
        StringBuilder value = new StringBuilder();
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == quote) {
                return value.toString();
            } else if (c == '\\' && position < text.length()) {
                readEscape(value);
            } else {
                value.append(c);
            }
        }
        throw new SyntaxException("a string has no end");
    }

    private void readEscape(StringBuilder value) throws SyntaxException {
        char c = text.charAt(position++);
        switch (c) {
            case '\\', '\'', '"' -> value.append(c);
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000b');
            case 'x' -> value.appendCodePoint(readCode(2, 16));
            case 'u' -> value.appendCodePoint(readCode(4, 16));
            case 'U' -> value.appendCodePoint(readCode(8, 16));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                position--;
                int digits = 1;
                while (digits < 3 && position + digits < text.length() && isOctal(text.charAt(position + digits))) {
                    digits++;
                }
                value.appendCodePoint(readCode(digits, 8));
            }
            default -> value.append('\\').append(c);
        }
    }

    private int readCode(int digits, int radix) throws SyntaxException {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = position < text.length() ? Character.digit(text.charAt(position++), radix) : -1;
            if (digit < 0 || code > Character.MAX_CODE_POINT / radix) {
                throw new SyntaxException("a string has an invalid escape sequence");
            }
            code = code * radix + digit;
        }
        if (!Character.isValidCodePoint(code)) {
            throw new SyntaxException("a string has an invalid escape sequence");
        }
        return code;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
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
