package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.localcloud.identity.TokenVerifier;
import dev.steptrail.localcloud.template.Route;
import dev.steptrail.localcloud.template.Route.JwtAuthorizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests by Lambda proxy integrations: finds the route, runs its authorizer, invokes its function. Thread-safe. */
final class LambdaProxy {
    private static final Logger LOG = LoggerFactory.getLogger(LambdaProxy.class);
    private static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);

    private final RouteTable routes;
    private final Map<String, FunctionHost> functions;
    private final Map<JwtAuthorizer, TokenVerifier> verifiers = new HashMap<>();

    /** @param functions by their ids; every route's is among them */
    LambdaProxy(List<Route> routes, Map<String, FunctionHost> functions, Issuer issuer) {
        this.routes = new RouteTable(routes);
        this.functions = Map.copyOf(functions);
        for (Route route : routes) {
            if (route.authorizer() != null) {
                verifiers.put(route.authorizer(), new TokenVerifier(route.authorizer(), issuer));
            }
        }
    }

    /**
     * A request that passed its route's authorizer.
     *
     * @param claims the claims of the caller's token; null if the route has no authorizer
     */
    record Admitted(
            HttpRequest request,
            RouteTable.Match match,
            @Nullable Map<String, Object> claims) {}

    /**
     * Finds the route and runs its authorizer. The body is not needed yet.
     *
     * @throws RejectedRequestException if no route matches or the authorizer denies access
     */
    Admitted admit(HttpRequest request) throws RejectedRequestException {
        RouteTable.Match match = routes.find(request.method(), request.path())
                .orElseThrow(() -> new RejectedRequestException(404, "Not Found"));
        JwtAuthorizer authorizer = match.route().authorizer();
        if (authorizer == null) {
            return new Admitted(request, match, null);
        }
        Map<String, Object> claims = verify(request, authorizer).orElseThrow(LambdaProxy::unauthorized);
        if (!authorizer.scopes().isEmpty() && Collections.disjoint(authorizer.scopes(), ProxyEvent.scopesOf(claims))) {
            throw new RejectedRequestException(403, "Forbidden");
        }
        return new Admitted(request, match, claims);
    }

    private static RejectedRequestException unauthorized() {
        ProxyResponse unauthorized = ProxyResponse.message(401, "Unauthorized");
        return new RejectedRequestException(new ProxyResponse(
                401,
                List.of(Map.entry("content-type", "application/json"), Map.entry("www-authenticate", "Bearer")),
                unauthorized.body()));
    }

    private Optional<Map<String, Object>> verify(HttpRequest request, JwtAuthorizer authorizer) {
        String header = request.joinedHeaders().getOrDefault("authorization", "");
        String token = header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7) : header;
        TokenVerifier verifier = verifiers.get(authorizer);
        return verifier == null ? Optional.empty() : verifier.verify(token.strip());
    }

    /** Invokes the function and returns its response. */
    ProxyResponse answer(Admitted admitted, byte[] body) throws InterruptedException {
        String functionId = admitted.match().route().functionId();
        FunctionHost function = functions.get(functionId);
        if (function == null) {
            throw new IllegalStateException("no function " + functionId);
        }
        String event = ProxyEvent.of(admitted, body, Instant.now()).toString();
        try {
            return ProxyResponse.of(function.invoke(event.getBytes(StandardCharsets.UTF_8), INTEGRATION_TIMEOUT));
        } catch (InvocationException e) {
            return e.throttled()
                    ? ProxyResponse.message(503, "Service Unavailable")
                    : ProxyResponse.message(500, "Internal Server Error");
        } catch (TimeoutException e) {
            LOG.error("{}: no answer within {} s", function.function().id(), INTEGRATION_TIMEOUT.toSeconds());
            return ProxyResponse.message(503, "Service Unavailable");
        } catch (IOException e) {
            LOG.error("{}: {}", function.function().id(), e.getMessage());
            return ProxyResponse.message(500, "Internal Server Error");
        }
    }
}
