package dev.steptrail.api;

import dev.steptrail.report.TaskView;
import dev.steptrail.store.model.Task;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A route of the API. Its type determines the arguments of its handler. The handler of a route about a task
 * receives the task instead of its id; the router has already checked that the caller may access the task.
 */
sealed interface Route {
    /** Returns the allowed query parameters. */
    Set<String> parameters();

    /** Returns whether only signed-in callers can use the route. */
    default boolean needsToken() {
        return true;
    }

    /** A route that needs no token. */
    record PublicRoute(Set<String> parameters, Supplier<Response> handler) implements Route {
        @Override
        public boolean needsToken() {
            return false;
        }
    }

    /** A route for signed-in callers, about all of their tasks. */
    record UserRoute(Set<String> parameters, BiFunction<Caller, Query, Response> handler) implements Route {}

    /** A route for signed-in callers, about items that the path or the body names. The handler checks the caller's access. */
    record ItemRoute(Set<String> parameters, Function<Request, Response> handler) implements Route {}

    /** A route for admins. Other callers get 404. */
    record AdminRoute(Set<String> parameters, Function<Request, Response> handler) implements Route {}

    /**
     * A route about the task {@code task_id} in the path.
     *
     * @param action the action that the audit log records for the read; null if the read is not recorded
     * @param version returns a text that changes with the response, so that the handler need not run if the client has
     *     the response; null, for a route or for a request, if only the response itself determines its entity tag
     */
    record TaskRoute(
            Set<String> parameters,
            @Nullable String action,
            @Nullable BiFunction<TaskView, Query, @Nullable String> version,
            BiFunction<TaskView, Query, Response> handler)
            implements Route {
        TaskRoute(Set<String> parameters, @Nullable String action, BiFunction<TaskView, Query, Response> handler) {
            this(parameters, action, null, handler);
        }
    }

    /** A route about the task {@code task_id}, for its owner and admins. The audit log records changes. */
    record OwnerRoute(Set<String> parameters, BiFunction<Request, Task, Response> handler) implements Route {}

    /** A route about the step {@code step_id}, for its owner and admins. The step may not exist. */
    record OwnerStepRoute(Set<String> parameters, OwnerStepHandler handler) implements Route {}

    /**
     * A route about the step {@code step_id} in the path.
     *
     * @param action the action that the audit log records for the read
     */
    record StepRoute(Set<String> parameters, String action, StepHandler handler) implements Route {}

    /**
     * A route for readers with a share link, who need no account.
     *
     * @param route a {@link TaskRoute} or {@link StepRoute}
     */
    record SharedRoute(Route route) implements Route {
        @Override
        public Set<String> parameters() {
            return route.parameters();
        }

        @Override
        public boolean needsToken() {
            return false;
        }
    }

    /**
     * A page or file of the viewer. Needs no token. Allows any query, because only the page's script reads it.
     */
    record ViewerRoute(Function<GatewayRequest, Response> handler) implements Route {
        @Override
        public Set<String> parameters() {
            return Set.of();
        }

        @Override
        public boolean needsToken() {
            return false;
        }
    }

    /**
     * The route of unknown paths. Browsers that open one get a page, other clients the error.
     *
     * @param page returns the page, with status 404
     */
    record DefaultRoute(Supplier<Response> page) implements Route {
        @Override
        public Set<String> parameters() {
            return Set.of();
        }

        @Override
        public boolean needsToken() {
            return false;
        }
    }

    interface OwnerStepHandler {
        Response handle(Request request, Task task, int stepNumber);
    }

    interface StepHandler {
        /**
         * Responds to a request for a step.
         *
         * @param ifNoneMatch the request's header {@code If-None-Match}; null if it has none
         */
        Response handle(TaskView view, int stepNumber, Query query, @Nullable String ifNoneMatch);
    }
}
