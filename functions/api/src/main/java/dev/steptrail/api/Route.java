package dev.steptrail.api;

import dev.steptrail.store.model.Task;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What answers at a path. The kind of a route says what its handler is given: a handler of a task's route gets the task once
 * it is known to be the caller's, and never the id that came with the request.
 */
sealed interface Route {
    /** The query parameters that it takes. */
    Set<String> parameters();

    /** Needs no token. */
    record Open(Set<String> parameters, Supplier<Response> handler) implements Route {}

    /** For signed-in callers, about their own tasks. */
    record OfCaller(Set<String> parameters, BiFunction<Caller, Query, Response> handler) implements Route {}

    /** For admins only; other callers get 404. */
    record OfAdmin(Set<String> parameters, Function<Request, Response> handler) implements Route {}

    /**
     * About {@code task_id} in the path.
     *
     * @param action the action of the read in the audit log; null if it is not recorded
     */
    record OfTask(Set<String> parameters, @Nullable String action, BiFunction<View, Query, Response> handler)
            implements Route {}

    /** About {@code task_id} in the path, for its owner and admins only; changes are recorded in the audit log. */
    record OfOwner(Set<String> parameters, BiFunction<Request, Task, Response> handler) implements Route {}

    /**
     * About {@code step_id} in the path.
     *
     * @param action the action of the read in the audit log
     */
    record OfStep(Set<String> parameters, String action, StepHandler handler) implements Route {}

    /**
     * The same for readers with a share link, who have no account.
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
     * @param handler of the variables of the path, decoded
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
