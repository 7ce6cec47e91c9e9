package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.stepformat.TaskId;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.query.TaskRepository;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dispatches a request to the handler of its route. All access control is here: no other code calls the handlers of a
 * task's route, and only admins reach the handlers of admin routes.
 *
 * @param routes by API Gateway's route key, such as {@code GET /api/tasks/{task_id}}
 */
record Router(Map<String, Route> routes, Callers callers, Shares shares, TaskRepository tasks, ReadAuditor auditor) {
    private static final Pattern STEP_ID = Pattern.compile("(.*)\\.([1-9][0-9]{0,9})");

    Router {
        routes = Map.copyOf(routes);
    }

    /** @throws Problem if the response is an error */
    Response answer(GatewayRequest event, Context context) {
        Route route = routes.get(event.routeKey());
        if (route == null) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        if (route instanceof Route.Open open) {
            Query.of(event, open.parameters());
            return open.handler().get();
        }
        if (route instanceof Route.OfBrowser ofBrowser) {
            return ofBrowser.handler().apply(event.variables());
        }
        if (route instanceof Route.Shared shared) {
            Query query = Query.of(event, route.parameters());
            return read(shared.route(), event, query, id -> shares.view(event, id));
        }
        Caller caller = callers.of(event);
        if (route instanceof Route.OfAdmin && !caller.admin()) {
            throw new Problem(Kind.NO_SUCH_ROUTE);
        }
        Query query = Query.of(event, route.parameters());
        Request request = new Request(caller, query, event, context);
        if (route instanceof Route.OfAdmin ofAdmin) {
            return ofAdmin.handler().apply(request);
        }
        if (route instanceof Route.OfOwner ofOwner) {
            return ofOwner.handler().apply(request, task(caller, event.variable("task_id")));
        }
        if (route instanceof Route.OfCaller ofCaller) {
            return ofCaller.handler().apply(caller, query);
        }
        return read(route, event, query, id -> View.whole(task(caller, id), caller.owner()));
    }

    /** @param views returns the reader's view of a task by its id, or throws a Problem */
    private Response read(Route route, GatewayRequest event, Query query, Function<String, View> views) {
        if (route instanceof Route.OfTask ofTask) {
            View view = views.apply(event.variable("task_id"));
            Response answer = ofTask.handler().apply(view, query);
            if (ofTask.action() != null) {
                auditor.record(view, ofTask.action());
            }
            return answer;
        }
        Route.OfStep ofStep = (Route.OfStep) route;
        Matcher id = STEP_ID.matcher(event.variable("step_id"));
        long number = id.matches() ? Long.parseLong(id.group(2)) : Long.MAX_VALUE;
        if (number > Integer.MAX_VALUE) {
            throw new Problem(Kind.NOT_FOUND);
        }
        View view = views.apply(id.group(1));
        Response answer = ofStep.handler().answer(view, (int) number, query);
        auditor.record(view, ofStep.action());
        return answer;
    }

    private Task task(Caller caller, String id) {
        return TaskId.parse(id)
                .flatMap(taskId -> caller.admin() ? tasks.find(taskId) : tasks.findOwned(taskId, caller.owner()))
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
    }
}
