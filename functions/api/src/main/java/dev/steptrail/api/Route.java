package dev.steptrail.api;

import dev.steptrail.store.Task;
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

    /** Changes {@code task_id} in the path; who did it is written down. */
    record Change(Set<String> parameters, ChangeHandler handler) implements Route {}

    /**
     * About {@code step_id} in the path.
     *
     * @param action by which the read stands in the audit log
     */
    record OfStep(Set<String> parameters, String action, StepHandler handler) implements Route {}

    interface OpenHandler {
        Response answer();
    }

    interface CallerHandler {
        Response answer(Caller caller, Query query);
    }

    interface AdminHandler {
        Response answer(AdminRequest request);
    }

    interface TaskHandler {
        Response answer(Task task, Query query);
    }

    interface ChangeHandler {
        Response answer(Caller caller, Task task, Query query);
    }

    interface StepHandler {
        Response answer(Task task, int stepNumber, Query query);
    }
}
