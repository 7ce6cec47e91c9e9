package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.report.TaskView;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
        return route != null && route.needsToken();
    }

    /** @throws Problem if the response is an error */
    Response dispatch(GatewayRequest event, Context context) {
        Route route = routes.get(event.routeKey());
        if (route == null) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        if (route instanceof Route.DefaultRoute defaultRoute) {
            if (!event.isForPage()) {
                throw new Problem(Kind.NO_SUCH_ROUTE);
            }
            return defaultRoute.page().get();
        }
        if (route instanceof Route.PublicRoute publicRoute) {
            Query.of(event, publicRoute.parameters());
            return publicRoute.handler().get();
        }
        if (route instanceof Route.ViewerRoute viewerRoute) {
            return viewerRoute.handler().apply(event);
        }
        if (route instanceof Route.SharedRoute sharedRoute) {
            Query query = Query.of(event, route.parameters());
            return read(sharedRoute.route(), event, query, id -> shares.authenticate(event, id));
        }
        Caller caller = callers.resolve(event);
        if (route instanceof Route.AdminRoute && !caller.admin()) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        Query query = Query.of(event, route.parameters());
        Request request = new Request(caller, query, event, context);
        if (route instanceof Route.AdminRoute adminRoute) {
            return adminRoute.handler().apply(request);
        }
        if (route instanceof Route.ItemRoute itemRoute) {
            return itemRoute.handler().apply(request);
        }
        if (route instanceof Route.OwnerRoute ownerRoute) {
            return ownerRoute.handler().apply(request, findTask(caller, event.variable("task_id")));
        }
        if (route instanceof Route.OwnerStepRoute stepRoute) {
            StepId id = StepId.parse(event.variable("step_id"));
            return stepRoute.handler().handle(request, findTask(caller, id.taskId()), id.stepNumber());
        }
        if (route instanceof Route.UserRoute userRoute) {
            return userRoute.handler().apply(caller, query);
        }
        return read(route, event, query, id -> TaskView.full(findTask(caller, id), caller.owner()));
    }

    /** @param views returns the reader's view of a task by its id, or throws a Problem */
    private Response read(Route route, GatewayRequest event, Query query, Function<String, TaskView> views) {
        if (route instanceof Route.TaskRoute taskRoute) {
            TaskView view = views.apply(event.variable("task_id"));
            Response response = respond(taskRoute, view, query, event.header("if-none-match"));
            if (taskRoute.action() != null) {
                auditor.record(view, taskRoute.action());
            }
            return response;
        }
        Route.StepRoute stepRoute = (Route.StepRoute) route;
        StepId id = StepId.parse(event.variable("step_id"));
        TaskView view = views.apply(id.taskId());
        Response response = stepRoute.handler().handle(view, id.stepNumber(), query, event.header("if-none-match"));
        auditor.record(view, stepRoute.action());
        return response;
    }

    private static Response respond(Route.TaskRoute route, TaskView view, Query query, @Nullable String ifNoneMatch) {
        String version = route.version() == null ? null : route.version().apply(view, query);
        return version == null
                ? route.handler().apply(view, query)
                : ETagFilter.apply(version, ifNoneMatch, () -> route.handler().apply(view, query));
    }

    private Task findTask(Caller caller, String id) {
        return TaskId.parse(id)
                .flatMap(taskId -> caller.admin() ? tasks.find(taskId) : tasks.findOwned(taskId, caller.owner()))
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
    }
}
