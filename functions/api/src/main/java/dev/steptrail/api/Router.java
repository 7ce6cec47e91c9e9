package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.store.FindTask;
import dev.steptrail.store.Task;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings a request to its route. The one place where it is decided whether a caller may see a task: there is no other way to
 * a task's handler.
 */
final class Router {
    private static final String UUID_FORM = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern TASK_ID = Pattern.compile("(" + UUID_FORM + ")");
    private static final Pattern STEP_ID = Pattern.compile("(" + UUID_FORM + ")\\.([1-9][0-9]{0,9})");

    private final Map<String, Route> routes;
    private final Callers callers;
    private final FindTask findTask;

    /** @param routes by API Gateway's route key, such as {@code GET /api/tasks/{task_id}} */
    Router(Map<String, Route> routes, Callers callers, FindTask findTask) {
        this.routes = Map.copyOf(routes);
        this.callers = callers;
        this.findTask = findTask;
    }

    Set<String> routeKeys() {
        return routes.keySet();
    }

    /** @throws Problem if the request gets no other answer */
    Response answer(APIGatewayV2HTTPEvent event) {
        Route route = routes.get(event.getRouteKey() == null ? "" : event.getRouteKey());
        if (route == null) {
            throw Problem.noSuchRoute();
        }
        if (route instanceof Route.Open open) {
            Query.of(event.getQueryStringParameters(), open.parameters());
            return open.handler().answer();
        }
        Caller caller = callers.of(event);
        Query query = Query.of(event.getQueryStringParameters(), route.parameters());
        if (route instanceof Route.OfTask ofTask) {
            Matcher id = id(event, "task_id", TASK_ID);
            return ofTask.handler().answer(task(caller, id), query);
        }
        if (route instanceof Route.OfStep ofStep) {
            Matcher id = id(event, "step_id", STEP_ID);
            long number = Long.parseLong(id.group(2));
            if (number > Integer.MAX_VALUE) {
                throw Problem.notFound();
            }
            return ofStep.handler().answer(task(caller, id), (int) number, query);
        }
        return ((Route.OfCaller) route).handler().answer(caller, query);
    }

    private static Matcher id(APIGatewayV2HTTPEvent event, String parameter, Pattern form) {
        Map<String, String> parameters = event.getPathParameters();
        Matcher id = form.matcher(parameters == null ? "" : parameters.getOrDefault(parameter, ""));
        if (!id.matches()) {
            throw Problem.notFound();
        }
        return id;
    }

    private Task task(Caller caller, Matcher id) {
        return findTask.byId(UUID.fromString(id.group(1)))
                .filter(caller::maySee)
                .orElseThrow(Problem::notFound);
    }
}
