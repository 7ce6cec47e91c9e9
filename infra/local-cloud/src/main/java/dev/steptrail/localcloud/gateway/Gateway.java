package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.localcloud.template.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
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
 * The HTTP API on 127.0.0.1, and the issuer's documents beside it. Stops with {@link #close}.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html">Quotas of HTTP
 *     APIs</a>
 */
public final class Gateway implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 10_240;
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    private final Server server;

    private Gateway(Server server) {
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param functions by their ids; every route's is among them
     * @throws IOException when it cannot listen
     */
    public static Gateway start(int port, List<Route> routes, Map<String, FunctionHost> functions, Issuer issuer)
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
        server.addConnector(connector);
        server.setErrorHandler(new GatewayErrors());
        server.setHandler(new Requests(new Proxy(routes, functions, issuer), issuer));
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

    private static final class Requests extends Handler.Abstract {
        private final Proxy proxy;
        private final Issuer issuer;

        Requests(Proxy proxy, Issuer issuer) {
            this.proxy = proxy;
            this.issuer = issuer;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            send(answer(request), response, callback);
            return true;
        }

        private ProxyResponse answer(Request request) throws IOException, InterruptedException {
            String query = Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
            String path;
            Map<String, String> queryParameters;
            try {
                path = HttpRequest.decodePath(request.getHttpURI().getPath());
                queryParameters = HttpRequest.decodeQuery(query);
            } catch (IllegalArgumentException e) {
                return ProxyResponse.message(400, "Bad Request");
            }
            switch (path) {
                case "/.well-known/openid-configuration" -> {
                    return ProxyResponse.json(200, issuer.configuration());
                }
                case "/.well-known/jwks.json" -> {
                    return ProxyResponse.json(200, issuer.jwks());
                }
                default -> {}
            }
            byte[] body;
            try (InputStream in = Content.Source.asInputStream(request)) {
                body = in.readNBytes(MAX_BODY_BYTES + 1);
            }
            if (body.length > MAX_BODY_BYTES) {
                return ProxyResponse.message(413, "Request Entity Too Large");
            }
            return proxy.answer(new HttpRequest(
                    request.getMethod(),
                    path,
                    query,
                    queryParameters,
                    headers(request.getHeaders()),
                    body,
                    request.getConnectionMetaData().getProtocol(),
                    Request.getRemoteAddr(request)));
        }

        private static List<Map.Entry<String, String>> headers(HttpFields fields) {
            return fields.stream()
                    .<Map.Entry<String, String>>map(field -> new AbstractMap.SimpleImmutableEntry<>(
                            field.getName(), Objects.requireNonNullElse(field.getValue(), "")))
                    .toList();
        }

        private static void send(ProxyResponse answer, Response response, Callback callback) {
            response.setStatus(answer.status());
            answer.headers().forEach(header -> response.getHeaders().add(header.getKey(), header.getValue()));
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
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
