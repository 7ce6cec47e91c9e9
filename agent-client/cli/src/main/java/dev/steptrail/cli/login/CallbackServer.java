package dev.steptrail.cli.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Receives the browser's request to the redirect URI. Listens on the loopback addresses only: on 127.0.0.1 and, if this
 * machine has it, on ::1, because a browser may use either for {@code localhost}.
 */
public final class CallbackServer implements AutoCloseable {
    /** The ports whose redirect URIs are registered at the issuer's client. */
    private static final List<Integer> PORTS = List.of(8421, 8422, 8423);

    private static final byte[] IPV4_LOOPBACK = {127, 0, 0, 1};
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static final String PATH = "/callback";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Type", "text/html; charset=utf-8",
            "Cache-Control", "no-store",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "Connection", "close");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>steptrail login</title>
            <h1>Return to the terminal</h1>
            <p>The terminal shows whether sign-in succeeded. You can close this page.</p>
            <p lang="zh">请返回终端查看登录结果。可以关闭此页面。</p>
            </html>
            """;

    private final int port;
    private final List<HttpServer> servers;
    private final CompletableFuture<URI> request = new CompletableFuture<>();

    private CallbackServer(int port, List<HttpServer> servers) {
        this.port = port;
        this.servers = servers;
        for (HttpServer server : servers) {
            server.createContext("/", this::respond);
            server.start();
        }
    }

    /**
     * Starts on the first free port.
     *
     * @throws IOException if all ports are in use
     */
    public static CallbackServer start() throws IOException {
        return start(PORTS);
    }

    static CallbackServer start(List<Integer> ports) throws IOException {
        List<InetAddress> addresses = loopbackAddresses();
        for (int port : ports) {
            List<HttpServer> servers = new ArrayList<>();
            try {
                for (InetAddress address : addresses) {
                    servers.add(HttpServer.create(new InetSocketAddress(address, port), 0));
                }
                return new CallbackServer(port, servers);
            } catch (BindException inUse) {
                servers.forEach(server -> server.stop(0));
            }
        }
        throw new IOException("the ports " + ports + " of localhost are all in use; free one of them, or use"
                + " steptrail login --no-browser");
    }

    private static List<InetAddress> loopbackAddresses() throws IOException {
        List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getByAddress(IPV4_LOOPBACK)));
        InetAddress ipv6 = InetAddress.getByAddress(IPV6_LOOPBACK);
        try (ServerSocket socket = new ServerSocket(0, 1, ipv6)) {
            addresses.add(socket.getInetAddress());
        } catch (IOException noIpv6) {
            // The browser uses 127.0.0.1.
        }
        return addresses;
    }

    /** Returns the redirect URI of a port. */
    private static URI redirectUri(int port) {
        return URI.create("http://localhost:" + port + PATH);
    }

    /** Returns the redirect URI of this server. */
    public URI redirectUri() {
        return redirectUri(port);
    }

    /** Returns the redirect URI to use if the browser is on another machine, where nothing listens. */
    public static URI remoteRedirectUri() {
        return redirectUri(PORTS.get(0));
    }

    /**
     * Waits for the issuer's response.
     *
     * @return the URL that the browser requested
     * @throws IOException if there is none within the timeout
     */
    public String await(Duration timeout) throws IOException, InterruptedException {
        try {
            return redirectUri()
                    .resolve(request.get(timeout.toMillis(), TimeUnit.MILLISECONDS))
                    .toString();
        } catch (TimeoutException e) {
            throw new IOException("nobody signed in within " + timeout.toSeconds()
                    + " seconds; run steptrail login again (--timeout sets the limit; use --no-browser if the browser"
                    + " runs on another machine)");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void respond(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        boolean isCallback =
                exchange.getRequestMethod().equals("GET") && PATH.equals(uri.getPath()) && uri.getRawQuery() != null;
        byte[] page = PAGE.getBytes(UTF_8);
        HEADERS.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(isCallback ? 200 : 404, isCallback ? page.length : -1);
        if (isCallback) {
            exchange.getResponseBody().write(page);
        }
        exchange.close();
        if (isCallback) {
            request.complete(uri);
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
