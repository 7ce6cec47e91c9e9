package dev.steptrail.insights;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What actions call themselves, as Open-AutoGLM and its like name them. */
final class ActionNames {
    private static final Set<String> TOUCHES = Set.of("tap", "click", "long press", "double tap");
    private static final Set<String> ASKING = Set.of("take_over", "takeover", "interact");
    private static final Set<String> ENDING = Set.of("finish", "finished", "done");

    private ActionNames() {}

    static boolean isWait(@Nullable String name) {
        return "wait".equals(lower(name));
    }

    /** Whether it touches one place. */
    static boolean touches(@Nullable String name) {
        return TOUCHES.contains(lower(name));
    }

    static boolean asksAPerson(@Nullable String name) {
        return ASKING.contains(lower(name));
    }

    static boolean ends(@Nullable String name) {
        return ENDING.contains(lower(name));
    }

    private static String lower(@Nullable String name) {
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }
}
