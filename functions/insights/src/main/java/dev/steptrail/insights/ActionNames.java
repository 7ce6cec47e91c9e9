package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Classifies actions by the names that Open-AutoGLM and similar agents use. Null is in no class. */
final class ActionNames {
    private static final List<String> TOUCH_ACTIONS = List.of("tap", "click", "long press", "double tap");
    private static final List<String> TAKE_OVER_ACTIONS = List.of("take_over", "takeover", "interact");
    private static final List<String> FINISH_ACTIONS = List.of("finish", "finished", "done");
    private static final List<String> KEY_ACTIONS = List.of("back", "home");
    private static final List<String> TEXT_ACTIONS = List.of("type", "type_name");

    private ActionNames() {}

    static boolean isWait(@Nullable String name) {
        return "wait".equalsIgnoreCase(name);
    }

    static boolean isTouch(@Nullable String name) {
        return contains(TOUCH_ACTIONS, name);
    }

    /** Returns whether the action requests that a person takes over. */
    static boolean isTakeOver(@Nullable String name) {
        return contains(TAKE_OVER_ACTIONS, name);
    }

    static boolean isTextInput(@Nullable String name) {
        return contains(TEXT_ACTIONS, name);
    }

    /** Returns whether the action presses a key of the phone. Such an action has no target. */
    static boolean isKey(@Nullable String name) {
        return contains(KEY_ACTIONS, name);
    }

    /** Returns whether the action operates the phone. All actions do, except waits, take-over requests and finish. */
    static boolean isDeviceAction(@Nullable String name) {
        return !isWait(name) && !isTakeOver(name) && !isFinish(name);
    }

    static boolean isFinish(@Nullable String name) {
        return contains(FINISH_ACTIONS, name);
    }

    /** Ignores case. Does not convert the name to lower case, because that copies it and this is called per step. */
    private static boolean contains(List<String> names, @Nullable String name) {
        for (String candidate : names) {
            if (candidate.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
