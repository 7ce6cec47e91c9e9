package dev.steptrail.cli.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.util.URLUtils;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Receives the browser's request to the redirect URI. Listens on the loopback addresses only: on 127.0.0.1 and, if this
 * machine has it, on ::1, because a browser may use either for {@code localhost}.
 *
 * <p>Other users of this machine and web pages can send requests, too. They can neither end the wait, because only a
 * request with the state of the sign-in does, nor block it, because each request has its own thread and a time limit.
 * This requires that only the user knows the state: the URL of the sign-in must not be an argument of a program.
 */
public final class CallbackServer implements AutoCloseable {
    /** The ports whose redirect URIs are registered at the issuer's client. */
    private static final List<Integer> PORTS = List.of(8421, 8422, 8423);

    private static final byte[] IPV4_LOOPBACK = {127, 0, 0, 1};
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static final String PATH = "/callback";

    private static final int THREADS = 32;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

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

    private static final String OTHER_PAGE = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><title>steptrail login</title>
            <h1>This page belongs to another sign-in</h1>
            <p>Close it and use the address that the terminal printed last.</p>
            <p lang="zh">此页面属于另一次登录。请关闭它，并使用终端最后显示的地址。</p>
            </html>
            """;

    private final State state;
    private final int port;
    private final List<HttpServer> servers;
    private final Duration requestTimeout;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, CallbackServer::daemon);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(CallbackServer::daemon);
    private final CompletableFuture<String> query = new CompletableFuture<>();

    private CallbackServer(State state, int port, List<HttpServer> servers, Duration requestTimeout) {
        this.state = state;
        this.port = port;
        this.servers = servers;
        this.requestTimeout = requestTimeout;
        for (HttpServer server : servers) {
            server.setExecutor(this::executeWithTimeout);
            server.createContext("/", this::respond);
            server.start();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "login-callback");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs a task that reads a request and responds. An interrupt closes its connection. */
    private void executeWithTimeout(Runnable task) {
        threads.execute(() -> {
            Future<?> timeout =
                    timer.schedule(Thread.currentThread()::interrupt, requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
            try {
                task.run();
            } finally {
                timeout.cancel(false);
            }
        });
    }

    /**
     * Starts on the first free port.
     *
     * @param state the state of the sign-in; responses with another one are rejected
     * @throws IOException if all ports are in use
     */
    public static CallbackServer start(State state) throws IOException {
        return start(state, PORTS, REQUEST_TIMEOUT);
    }

    static CallbackServer start(State state, List<Integer> ports, Duration requestTimeout) throws IOException {
        List<InetAddress> addresses = loopbackAddresses();
        for (int port : ports) {
            List<HttpServer> servers = new ArrayList<>();
            try {
                for (InetAddress address : addresses) {
                    servers.add(HttpServer.create(new InetSocketAddress(address, port), 0));
                }
                return new CallbackServer(state, port, servers, requestTimeout);
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
            return redirectUri() + "?" + query.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no one signed in within " + timeout.toSeconds()
                    + " seconds; run steptrail login again (--timeout sets the limit; use --no-browser if the browser"
                    + " runs on another machine)");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void respond(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        boolean isCallback = exchange.getRequestMethod().equals("GET") && PATH.equals(uri.getPath());
        boolean isForThisSignIn = isForThisServer(exchange) && hasState(uri.getRawQuery());
        int status = !isCallback ? 404 : isForThisSignIn ? 200 : 400;
        byte[] page = (status == 200 ? PAGE : OTHER_PAGE).getBytes(UTF_8);
        HEADERS.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, isCallback ? page.length : -1);
        if (isCallback) {
            exchange.getResponseBody().write(page);
        }
        exchange.close();
        if (status == 200) {
            query.complete(uri.getRawQuery());
        }
    }

    /**
     * Returns whether the request names a loopback host, which excludes web pages of hosts that resolve to this one.
     */
    private boolean isForThisServer(HttpExchange exchange) {
        List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        return hosts.size() == 1
                && Stream.of("localhost", "127.0.0.1", "[::1]")
                        .anyMatch(host -> hosts.get(0).equalsIgnoreCase(host + ":" + port));
    }

    private boolean hasState(@Nullable String rawQuery) {
        return List.of(state.getValue())
                .equals(URLUtils.parseParameters(rawQuery).get("state"));
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
        timer.shutdownNow();
    }
}
