package dev.steptrail.localcloud.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route of the HTTP API.
 *
 * @param method upper case, or {@code ANY}
 * @param path segments of text, {@code {name}} or, at the end, {@code {name+}}; or {@code $default}
 * @param functionId the function that answers
 * @param authorizer who may pass; null is everybody
 */
public record Route(
        String method,
        String path,
        String functionId,
        @Nullable JwtAuthorizer authorizer) {

    /** The path of the route that answers what no other route does. */
    static final String DEFAULT = "$default";

    /** The route's key as events show it, such as {@code GET /health}. */
    public String key() {
        return path.equals(DEFAULT) ? path : method + " " + path;
    }

    /** Lets tokens of one issuer pass that name an audience and, where scopes are asked for, one of them. */
    public record JwtAuthorizer(String issuer, Set<String> audience, List<String> scopes) {
        public JwtAuthorizer {
            audience = Set.copyOf(audience);
            scopes = List.copyOf(scopes);
        }
    }
}
