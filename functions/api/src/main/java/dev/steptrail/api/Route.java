package dev.steptrail.api;

import dev.steptrail.store.model.Task;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What answers at a path. The kind of a route says what its handler is given: a handler of a task's route gets the task once
 * it is known to be the caller's, and never the id that came with the request.
 */
sealed interface Route {
    /** The query parameters that it takes. */
    Set<String> parameters();

    /** Anybody may ask. */
    record Open(Set<String> parameters, OpenHandler handler) implements Route {}

    /** Whoever is signed in may ask, for what is theirs. */
    record OfCaller(Set<String> parameters, CallerHandler handler) implements Route {}

    /** For admins alone; to everybody else who is signed in, it does not exist. */
    record OfAdmin(Set<String> parameters, AdminHandler handler) implements Route {}

    /**
     * About {@code task_id} in the path.
     *
     * @param action by which the read stands in the audit log; null if it is not written down
     */
    record OfTask(Set<String> parameters, @Nullable String action, TaskHandler handler) implements Route {}

    /** About {@code task_id} in the path, for its owner and admins alone, whoever else may read it; what it changes is written down. */
    record OfOwner(Set<String> parameters, OwnerHandler handler) implements Route {}

    /**
     * About {@code step_id} in the path.
     *
     * @param action by which the read stands in the audit log
     */
    record OfStep(Set<String> parameters, String action, StepHandler handler) implements Route {}

    /**
     * The same for who has a link to the task, and no account.
     *
     * @param route an {@link OfTask} or {@link OfStep}
     */
    record Shared(Route route) implements Route {
        @Override
        public Set<String> parameters() {
            return route.parameters();
        }
    }

    /** What a browser shows. Anybody may ask, with whatever query: that is read by the page's script. */
    record OfBrowser(BrowserHandler handler) implements Route {
        @Override
        public Set<String> parameters() {
            return Set.of();
        }
    }

    interface OpenHandler {
        Response answer();
    }

    interface BrowserHandler {
        /**
         * The answer to whoever asks.
         *
         * @param variables of the path, decoded
         */
        Response answer(Map<String, String> variables);
    }

    interface CallerHandler {
        Response answer(Caller caller, Query query);
    }

    interface AdminHandler {
        Response answer(Request request);
    }

    interface TaskHandler {
        Response answer(View view, Query query);
    }

    interface OwnerHandler {
        Response answer(Request request, Task task);
    }

    interface StepHandler {
        Response answer(View view, int stepNumber, Query query);
    }
}
