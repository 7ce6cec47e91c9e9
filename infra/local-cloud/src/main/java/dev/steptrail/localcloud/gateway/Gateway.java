package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.identity.SignIn;
import dev.steptrail.localcloud.template.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
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
 * The HTTP API on 127.0.0.1, and the issuer's documents and its own description beside it. Stops with {@link #close}.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html">Quotas of HTTP
 *     APIs</a>
 */
public final class Gateway implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 10_240;

    /** Longer than a request and its answer may take by themselves. */
    private static final long IDLE_MILLIS = 60_000;

    private final Server server;

    private Gateway(Server server) {
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param signIn whose tokens the authorizers take, and whose paths are served beside the routes
     * @param functions by their ids; every route's is among them
     * @param description of the routes, in OpenAPI, shown beside them if it is there
     * @throws IOException when it cannot listen
     */
    public static Gateway start(
            int port, List<Route> routes, Map<String, FunctionHost> functions, SignIn signIn, Path description)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(64, 4);
        threads.setName("gateway");
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(64 * 1024); // room for Location headers with presigned URLs
        http.setUriCompliance(UriCompliance.RFC3986);
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setErrorHandler(new GatewayErrors());
        server.setHandler(new GatewayHandler(
                new LambdaProxy(routes, functions, signIn.issuer()),
                new ApiDocuments(signIn.issuer(), description),
                new SignInPaths(signIn),
                threads));
        server.setStopTimeout(5_000);
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException("the gateway cannot listen on port " + port + ": " + e.getMessage(), e);
        }
        return new Gateway(server);
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the gateway does not stop: " + e.getMessage(), e);
        }
    }

    /** Errors that Jetty finds by itself, such as headers that are too large, in the gateway's words. */
    private static final class GatewayErrors extends ErrorHandler {
        @Override
        protected void generateResponse(
                Request request, Response response, int code, String message, Throwable cause, Callback callback) {
            String words = HttpStatus.getMessage(code);
            response.getHeaders().put("content-type", "application/json");
            response.write(
                    true, ByteBuffer.wrap(ProxyResponse.message(code, words).body()), callback);
        }
    }
}
