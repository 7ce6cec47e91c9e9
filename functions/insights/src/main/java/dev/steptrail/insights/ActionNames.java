package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What actions call themselves, as Open-AutoGLM and its like name them. */
final class ActionNames {
    private static final List<String> TOUCHES = List.of("tap", "click", "long press", "double tap");
    private static final List<String> ASKING = List.of("take_over", "takeover", "interact");
    private static final List<String> ENDING = List.of("finish", "finished", "done");
    private static final List<String> KEYS = List.of("back", "home");
    private static final List<String> TYPING = List.of("type", "type_name");

    private ActionNames() {}

    static boolean isWait(@Nullable String name) {
        return "wait".equalsIgnoreCase(name);
    }

    /** Whether it touches one place. */
    static boolean touches(@Nullable String name) {
        return isOne(TOUCHES, name);
    }

    static boolean asksAPerson(@Nullable String name) {
        return isOne(ASKING, name);
    }

    /** Whether it types a text. */
    static boolean types(@Nullable String name) {
        return isOne(TYPING, name);
    }

    /** Whether it is a key of the phone, so that its name tells all of it. */
    static boolean isKey(@Nullable String name) {
        return isOne(KEYS, name);
    }

    /** Whether it does something to the phone: it waits for nobody, and ends nothing. */
    static boolean acts(@Nullable String name) {
        return !isWait(name) && !asksAPerson(name) && !ends(name);
    }

    static boolean ends(@Nullable String name) {
        return isOne(ENDING, name);
    }

    /** Whatever its capitals; asked of every step, so without a copy of the name. */
    private static boolean isOne(List<String> names, @Nullable String name) {
        for (String each : names) {
            if (each.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
