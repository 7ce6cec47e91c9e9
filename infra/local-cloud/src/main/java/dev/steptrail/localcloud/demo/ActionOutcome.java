package dev.steptrail.localcloud.demo;

import org.jspecify.annotations.Nullable;

/**
 * How an action on the phone went.
 *
 * @param message why it failed; for the action that finishes a task, the agent's own closing words; else null
 */
public record ActionOutcome(boolean success, @Nullable String message) {
    static ActionOutcome succeeded() {
        return new ActionOutcome(true, null);
    }

    static ActionOutcome failed(String message) {
        return new ActionOutcome(false, message);
    }
}
