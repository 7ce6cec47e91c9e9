package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.Route.Access;
import dev.steptrail.api.Route.Names;
import dev.steptrail.report.TaskView;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dispatches a request to the handler of its route, and does all access control. No other code calls the handlers of
 * routes.
 *
 * @param routes by API Gateway's route key, such as {@code GET /api/tasks/{task_id}}
 */
record Router(
        Map<String, Route> routes,
        CallerResolver callers,
        ShareLinkAuthenticator shares,
        TaskRepository tasks,
        ReadAuditor auditor) {
    private record StepId(String taskId, int stepNumber) {
        private static final Pattern STEP_ID = Pattern.compile("(.*)\\.([1-9][0-9]{0,9})");

        static StepId parse(String text) {
            Matcher id = STEP_ID.matcher(text);
            long number = id.matches() ? Long.parseLong(id.group(2)) : Long.MAX_VALUE;
            if (number > Integer.MAX_VALUE) {
                throw new Problem(Kind.NOT_FOUND);
            }
            return new StepId(id.group(1), (int) number);
        }
    }

    Router {
        routes = Map.copyOf(routes);
    }

    /** Returns whether only signed-in callers can use the route. */
    boolean needsToken(String routeKey) {
        Route route = routes.get(routeKey);
        return route != null && route.access().needsToken;
    }

    /** @throws Problem if the response is an error */
    Response dispatch(GatewayRequest event, Context context) {
        Route route = routes.get(event.routeKey());
        if (route == null) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        Access access = route.access();
        Caller caller = access.needsToken ? callers.resolve(event) : null;
        if (access == Access.ADMIN && (caller == null || !caller.admin())) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        Query query = access == Access.VIEWER ? Query.NONE : Query.of(event, route.parameters());
        if (route.names() == Names.OTHER) {
            return route.handler().handle(new Request(caller, query, event, context, null, 0));
        }
        StepId id = route.names() == Names.STEP
                ? StepId.parse(event.variable("step_id"))
                : new StepId(event.variable("task_id"), 0);
        TaskView view = caller == null
                ? shares.authenticate(event, id.taskId())
                : TaskView.full(findTask(caller, id.taskId()), caller.owner());
        Response response = route.handler().handle(new Request(caller, query, event, context, view, id.stepNumber()));
        if (route.action() != null) {
            auditor.record(view, route.action());
        }
        return response;
    }

    private Task findTask(Caller caller, String id) {
        return TaskId.parse(id)
                .flatMap(taskId -> caller.admin() ? tasks.find(taskId) : tasks.findOwned(taskId, caller.owner()))
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
    }
}
