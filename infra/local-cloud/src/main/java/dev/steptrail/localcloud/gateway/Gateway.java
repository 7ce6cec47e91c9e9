package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.identity.SignIn;
import dev.steptrail.localcloud.template.Template.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The HTTP API on 127.0.0.1, which also serves the issuer's endpoints and the API description.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html">Quotas of HTTP
 *     APIs</a>
 */
public final class Gateway {
    private static final int MAX_HEADER_BYTES = 10_240;

    /** Exceeds the time limits for the body (10 s) and the response (30 s) together, so that those apply first. */
    private static final long IDLE_MILLIS = 60_000;

    /** Allows encoded slashes, percent signs, control characters and backslashes in paths. */
    private static final UriCompliance URIS = UriCompliance.RFC3986.with(
            "HTTP API",
            Violation.AMBIGUOUS_PATH_SEPARATOR,
            Violation.AMBIGUOUS_PATH_ENCODING,
            Violation.SUSPICIOUS_PATH_CHARACTERS);

    private Gateway() {}

    /**
     * Starts listening.
     *
     * @param signIn serves the sign-in endpoints of the issuer whose tokens the authorizers accept
     * @param functions the functions by id; must contain the function of each route
     * @param openApi the OpenAPI description, served if the file exists
     * @return a handle that stops the server when closed
     * @throws IOException if it cannot listen on the port
     */
    public static AutoCloseable start(
            int port, List<Route> routes, Map<String, FunctionHost> functions, SignIn signIn, Path openApi)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(64, 4);
        threads.setName("gateway");
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(64 * 1024); // for Location headers with presigned URLs
        http.setUriCompliance(URIS);
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setErrorHandler(new GatewayErrors());
        ApiDocuments documents = new ApiDocuments(signIn.issuer(), openApi);
        server.setHandler(new GatewayHandler(routes, functions, signIn, documents, threads));
        server.setStopTimeout(5_000);
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException("the gateway cannot listen on port " + port + ": " + e.getMessage(), e);
        }
        return server::stop;
    }

    /** Writes errors that Jetty detects, such as oversized headers, in API Gateway's format. */
    private static final class GatewayErrors extends ErrorHandler {
        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }

        @Override
        protected void generateResponse(
                Request request, Response response, int code, String message, Throwable cause, Callback callback) {
            String reason = HttpStatus.getMessage(code);
            response.getHeaders().put("content-type", "application/json");
            response.write(
                    true, ByteBuffer.wrap(ProxyResponse.message(code, reason).body()), callback);
        }
    }
}
