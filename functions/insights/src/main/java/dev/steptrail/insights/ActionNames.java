package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Classifies actions by their names in Open-AutoGLM and similar agents. */
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

    /** Returns whether the action touches one place. */
    static boolean touches(@Nullable String name) {
        return isOne(TOUCHES, name);
    }

    static boolean asksAPerson(@Nullable String name) {
        return isOne(ASKING, name);
    }

    /** Returns whether the action types a text. */
    static boolean types(@Nullable String name) {
        return isOne(TYPING, name);
    }

    /** Returns whether the action presses a key of the phone. Such an action has no target. */
    static boolean isKey(@Nullable String name) {
        return isOne(KEYS, name);
    }

    /** Returns whether the action operates the phone, rather than to wait, to ask a person or to end the run. */
    static boolean acts(@Nullable String name) {
        return !isWait(name) && !asksAPerson(name) && !ends(name);
    }

    static boolean ends(@Nullable String name) {
        return isOne(ENDING, name);
    }

    /** Ignores case without copying the name, because it is called for every step. */
    private static boolean isOne(List<String> names, @Nullable String name) {
        for (String each : names) {
            if (each.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
