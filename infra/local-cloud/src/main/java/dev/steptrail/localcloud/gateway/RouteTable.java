package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.template.Template.Route;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the route of a request as an HTTP API does. Paths take precedence in this order: exact, with variables, with a
 * greedy variable, {@code $default}. Within a path, a method takes precedence over {@code ANY}. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">Routes of
 *     HTTP APIs</a>
 */
final class RouteTable {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}+]+)(\\+?)}");

    private final List<PathPattern> routes;

    /** A route and the values of its path's variables. */
    record Match(Route route, Map<String, String> pathParameters) {}

    /** A route's path as a regular expression with a group for each variable. */
    private record PathPattern(Route route, Pattern pattern, List<String> variables) {
        static PathPattern of(Route route) {
            if (route.isDefault()) {
                return new PathPattern(route, Pattern.compile(".*", Pattern.DOTALL), List.of());
            }
            String literals = "\\Q" + route.path() + "\\E";
            String pattern = VARIABLE.matcher(literals)
                    .replaceAll(variable -> variable.group(2).isEmpty() ? "\\\\E([^/]+)\\\\Q" : "\\\\E(.+)\\\\Q");
            List<String> variables = VARIABLE.matcher(route.path())
                    .results()
                    .map(variable -> variable.group(1))
                    .toList();
            return new PathPattern(route, Pattern.compile(pattern, Pattern.DOTALL), variables);
        }
    }

    RouteTable(List<Route> routes) {
        this.routes = routes.stream()
                .sorted(Comparator.comparing(Route::isDefault)
                        .thenComparing(RouteTable::specificity)
                        .thenComparing(route -> route.method().equals("ANY")))
                .map(PathPattern::of)
                .toList();
    }

    /** Returns a sort key that orders, by path segment, text before variables before greedy variables. */
    private static String specificity(Route route) {
        return VARIABLE.matcher(route.path().replaceAll("/[^/{]*", "/"))
                .replaceAll(variable -> variable.group(2).isEmpty() ? "1" : "2");
    }

    /** @param path decoded, with a leading slash */
    Optional<Match> find(String method, String path) {
        for (PathPattern candidate : routes) {
            Route route = candidate.route();
            Matcher matcher = candidate.pattern().matcher(path);
            if ((route.method().equals(method) || route.method().equals("ANY")) && matcher.matches()) {
                Map<String, String> parameters = new LinkedHashMap<>();
                for (int i = 0; i < matcher.groupCount(); i++) {
                    parameters.put(candidate.variables().get(i), matcher.group(i + 1));
                }
                return Optional.of(new Match(route, parameters));
            }
        }
        return Optional.empty();
    }
}
