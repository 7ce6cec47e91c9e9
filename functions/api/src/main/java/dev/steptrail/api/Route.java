package dev.steptrail.api;

import dev.steptrail.store.model.Task;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A route of the API. Its kind determines the arguments of its handler. A handler of a task's route gets the task
 * itself, after the router has checked that the caller may access it. It never gets the id in the request.
 */
sealed interface Route {
    /** Returns the allowed query parameters. */
    Set<String> parameters();

    /** A route that needs no token. */
    record Open(Set<String> parameters, Supplier<Response> handler) implements Route {}

    /** A route for signed-in callers, about their own tasks. */
    record OfCaller(Set<String> parameters, BiFunction<Caller, Query, Response> handler) implements Route {}

    /** A route for admins. Other callers get 404. */
    record OfAdmin(Set<String> parameters, Function<Request, Response> handler) implements Route {}

    /**
     * A route about the task {@code task_id} in the path.
     *
     * @param action the action that the audit log records for the read; null if the read is not recorded
     */
    record OfTask(Set<String> parameters, @Nullable String action, BiFunction<View, Query, Response> handler)
            implements Route {}

    /** A route about the task {@code task_id}, for its owner and admins. The audit log records changes. */
    record OfOwner(Set<String> parameters, BiFunction<Request, Task, Response> handler) implements Route {}

    /**
     * A route about the step {@code step_id} in the path.
     *
     * @param action the action that the audit log records for the read
     */
    record OfStep(Set<String> parameters, String action, StepHandler handler) implements Route {}

    /**
     * The same route for readers with a share link but without an account.
     *
     * @param route an {@link OfTask} or {@link OfStep}
     */
    record Shared(Route route) implements Route {
        @Override
        public Set<String> parameters() {
            return route.parameters();
        }
    }

    /**
     * A page or file of the viewer. Needs no token; the query is read by the page's script.
     *
     * @param handler takes the decoded path variables
     */
    record OfBrowser(Function<Map<String, String>, Response> handler) implements Route {
        @Override
        public Set<String> parameters() {
            return Set.of();
        }
    }

    interface StepHandler {
        Response answer(View view, int stepNumber, Query query);
    }
}
