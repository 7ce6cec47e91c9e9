package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.template.Route;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the route of a request as an HTTP API does: the most specific path first, a method before {@code ANY}, then
 * greedy variables, then {@code $default}. Immutable.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">Routes of
 *     HTTP APIs</a>
 */
final class RouteTable {
    private final List<Route> routes;

    RouteTable(List<Route> routes) {
        this.routes = routes.stream()
                .sorted(Comparator.comparing(RouteTable::specificity)
                        .thenComparing(r -> r.method().equals("ANY")))
                .toList();
    }

    /** A route and the values of its path's variables. */
    record Match(Route route, Map<String, String> pathParameters) {}

    /** @param path decoded, beginning with a slash */
    Optional<Match> find(String method, String path) {
        for (Route route : routes) {
            if (route.path().equals("$default")) {
                return Optional.of(new Match(route, Map.of()));
            }
            if (route.method().equals(method) || route.method().equals("ANY")) {
                Map<String, String> parameters = new LinkedHashMap<>();
                if (matches(route.path().split("/", -1), path.split("/", -1), parameters)) {
                    return Optional.of(new Match(route, parameters));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean matches(String[] pattern, String[] path, Map<String, String> parameters) {
        for (int i = 0; i < pattern.length; i++) {
            String segment = pattern[i];
            if (i >= path.length) {
                return false;
            }
            if (isGreedy(segment)) {
                String rest = String.join("/", List.of(path).subList(i, path.length));
                parameters.put(segment.substring(1, segment.length() - 2), rest);
                return !rest.isEmpty();
            }
            if (isVariable(segment)) {
                if (path[i].isEmpty()) {
                    return false;
                }
                parameters.put(segment.substring(1, segment.length() - 1), path[i]);
            } else if (!segment.equals(path[i])) {
                return false;
            }
        }
        return pattern.length == path.length;
    }

    /** Sorts text before a variable before a greedy one, segment by segment; {@code $default} comes last. */
    private static String specificity(Route route) {
        if (route.path().equals("$default")) {
            return "3";
        }
        StringBuilder key = new StringBuilder();
        for (String segment : route.path().split("/", -1)) {
            key.append(isGreedy(segment) ? '2' : isVariable(segment) ? '1' : '0');
        }
        return key.toString();
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    private static boolean isGreedy(String segment) {
        return isVariable(segment) && segment.endsWith("+}");
    }
}
