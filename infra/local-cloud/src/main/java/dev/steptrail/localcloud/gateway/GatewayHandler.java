package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.identity.IssuerResponse;
import dev.steptrail.localcloud.identity.SignIn;
import dev.steptrail.localcloud.identity.TokenVerifier;
import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.Template.Route.JwtAuthorizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles requests. Serves documents and the issuer's endpoints; for any other request finds the route, runs the
 * authorizer and invokes the function by Lambda proxy integration.
 *
 * <p>Unauthorized requests are rejected before their body is read. Slow clients occupy no thread.
 */
final class GatewayHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayHandler.class);
    private static final Duration INTEGRATION_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    /** Time limit for receiving a body. */
    private static final int BODY_SECONDS = 10;

    private final RouteTable routes;
    private final Map<String, FunctionHost> functions;
    private final SignIn signIn;
    private final ApiDocuments documents;
    private final Executor threads;
    private final Map<JwtAuthorizer, TokenVerifier> verifiers = new HashMap<>();

    /** @param functions the functions by id; must contain the function of each route */
    GatewayHandler(
            List<Route> routes,
            Map<String, FunctionHost> functions,
            SignIn signIn,
            ApiDocuments documents,
            Executor threads) {
        this.routes = new RouteTable(routes);
        this.functions = Map.copyOf(functions);
        this.signIn = signIn;
        this.documents = documents;
        this.threads = threads;
        for (Route route : routes) {
            if (route.authorizer() != null) {
                verifiers.put(route.authorizer(), new TokenVerifier(route.authorizer(), signIn.issuer()));
            }
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // every outcome is sent as a response
    public boolean handle(Request request, Response response, Callback callback) {
        Function<byte[], ProxyResponse> handler;
        try {
            HttpRequest httpRequest = HttpRequest.of(request);
            ProxyResponse document = documents.find(httpRequest.path());
            if (document != null) {
                send(document, response, callback);
                return true;
            }
            handler = authorize(httpRequest);
        } catch (HttpException.RuntimeException | IllegalArgumentException e) {
            send(rejection(e), response, callback);
            return true;
        }
        BodyReader.read(request, MAX_BODY_BYTES)
                .orTimeout(BODY_SECONDS, TimeUnit.SECONDS)
                .handleAsync((body, failure) -> failure == null ? handler.apply(body) : rejection(failure), threads)
                .thenAccept(result -> send(result, response, callback));
        return true;
    }

    /**
     * Authorizes a request and returns a function that creates the response from the request body.
     *
     * @throws HttpException.RuntimeException if no route matches or the authorizer denies access
     */
    private Function<byte[], ProxyResponse> authorize(HttpRequest httpRequest) {
        return switch (httpRequest.method() + " " + httpRequest.path()) {
            case "GET /authorize" ->
                body -> response(
                        signIn.authorize(httpRequest.queryParameters(), httpRequest.header("accept-language")));
            case "POST /token" -> body -> response(signIn.token(parseForm(httpRequest.header("content-type"), body)));
            case "POST /revoke" -> body -> response(signIn.revoke(parseForm(httpRequest.header("content-type"), body)));
            default -> {
                RouteTable.Match match = routes.find(httpRequest.method(), httpRequest.path())
                        .orElseThrow(() -> new HttpException.RuntimeException(404, "Not Found"));
                JwtAuthorizer authorizer = match.route().authorizer();
                Map<String, Object> claims = authorizer == null ? null : verifyToken(httpRequest, authorizer);
                yield body -> invoke(httpRequest, match, claims, body);
            }
        };
    }

    private Map<String, Object> verifyToken(HttpRequest httpRequest, JwtAuthorizer authorizer) {
        String header = httpRequest.header("authorization");
        String token = header.regionMatches(true, 0, "Bearer ", 0, 7) ? header.substring(7) : header;
        return Objects.requireNonNull(verifiers.get(authorizer))
                .verify(token.strip())
                .orElseThrow(() -> new HttpException.RuntimeException(401, "Unauthorized"));
    }

    private ProxyResponse invoke(
            HttpRequest httpRequest, RouteTable.Match match, @Nullable Map<String, Object> claims, byte[] body) {
        String functionId = match.route().functionId();
        try {
            byte[] event = ProxyEvent.of(httpRequest, match, claims, body);
            FunctionHost function = Objects.requireNonNull(functions.get(functionId), functionId);
            return ProxyResponse.parse(function.invoke(event, INTEGRATION_TIMEOUT));
        } catch (InvocationException e) {
            return e.throttled() ? unavailable() : ProxyResponse.message(500, "Internal Server Error");
        } catch (TimeoutException e) {
            LOG.error("{}: no response within {} s", functionId, INTEGRATION_TIMEOUT.toSeconds());
            return unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable();
        } catch (IOException | RuntimeException e) {
            LOG.error("{}: {}", functionId, e.toString());
            return ProxyResponse.message(500, "Internal Server Error");
        }
    }

    private static ProxyResponse unavailable() {
        return ProxyResponse.message(503, "Service Unavailable");
    }

    private static ProxyResponse response(IssuerResponse issuerResponse) {
        return new ProxyResponse(
                issuerResponse.status(),
                List.copyOf(issuerResponse.headers().entrySet()),
                issuerResponse.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Parses a form body. Returns an empty map if the body is not a valid form. */
    private static Map<String, String> parseForm(String contentType, byte[] body) {
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            return Map.of();
        }
        try {
            return HttpRequest.decodeQuery(new String(body, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** Returns the response to a rejected request, or to one whose body is too slow, too large or incomplete. */
    private static ProxyResponse rejection(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return ProxyResponse.message(408, "Request Timeout");
        }
        return failure instanceof HttpException.RuntimeException rejected && rejected.getCode() != 400
                ? ProxyResponse.message(rejected.getCode(), rejected.getReason())
                : ProxyResponse.message(400, "Bad Request");
    }

    private static void send(ProxyResponse result, Response response, Callback callback) {
        response.setStatus(result.status());
        result.headers().forEach(header -> response.getHeaders().add(header.getKey(), header.getValue()));
        response.write(true, ByteBuffer.wrap(result.body()), callback);
    }
}
