package dev.steptrail.phone.adb;

import java.util.ArrayList;
import java.util.List;

/** Commands that type ASCII text with the phone's {@code input text}. */
final class InputText {
    /** Short enough for the kernel's limit of a command line, and for the deadline of an input. */
    private static final int MAX_LENGTH = 500;

    private static final int MAX_KEYS = 100;

    private InputText() {}

    /** Returns whether {@link #commands} can type a text: printable ASCII, tabs and newlines. */
    static boolean canType(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\n' || c == '\t');
    }

    /**
     * Returns the commands that type a text. {@code input text} replaces {@code %s} by a space and has no escape for
     * it, so a text that contains {@code %s} is typed by two commands. Tabs and newlines are keys; one command presses
     * several.
     */
    static List<String> commands(String text) {
        List<String> commands = new ArrayList<>();
        StringBuilder keys = new StringBuilder();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char current = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : '\n';
            if (isKey(current)) {
                keys.append(current == '\n' ? " KEYCODE_ENTER" : " KEYCODE_TAB");
                if (i + 1 - start == MAX_KEYS || i + 1 == text.length() || !isKey(next)) {
                    commands.add("input keyevent" + keys);
                    keys.setLength(0);
                    start = i + 1;
                }
            } else if (isKey(next) || i + 1 - start == MAX_LENGTH || (current == '%' && next == 's')) {
                commands.add("input text "
                        + ShellWord.quote(text.substring(start, i + 1).replace(" ", "%s")));
                start = i + 1;
            }
        }
        return commands;
    }

    private static boolean isKey(char character) {
        return character == '\n' || character == '\t';
    }
}
