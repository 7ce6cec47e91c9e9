package dev.steptrail.bench.coldstart;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server of Lambda's <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a> for one
 * process and one event. With SnapStart, the runtime interface client runs the hooks before the checkpoint and requests
 * {@code restore/next}. When this server responds, the client runs the hooks after the restore and requests the event.
 * No snapshot is taken: the process only waits for the response to {@code restore/next}.
 */
final class RuntimeApi implements AutoCloseable {
    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String REQUEST_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    static {
        // Without this property, a response waits for the client's delayed TCP acknowledgement (40 ms on Linux).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final byte[] event;
    private final AtomicBoolean delivered = new AtomicBoolean();
    private final CompletableFuture<HttpExchange> checkpoint = new CompletableFuture<>();
    private final CompletableFuture<Response> response = new CompletableFuture<>();

    /**
     * The response to the event.
     *
     * @param nanoTime when it was received, from {@link System#nanoTime}
     */
    record Response(String body, long nanoTime) {}

    private RuntimeApi(HttpServer server, byte[] event) {
        this.server = server;
        this.event = event;
    }

    static RuntimeApi start(String event) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RuntimeApi api = new RuntimeApi(server, event.getBytes(StandardCharsets.UTF_8));
        server.createContext(ROOT, api::handle);
        server.start();
        return api;
    }

    /** Returns host and port, for {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Makes waiting methods fail if this process exits. */
    void watch(Process process) {
        CompletableFuture<Void> unused =
                process.onExit().thenAccept(exited -> fail("the function exited with code " + exited.exitValue()));
    }

    private void fail(String message) {
        checkpoint.completeExceptionally(new IOException(message));
        response.completeExceptionally(new IOException(message));
    }

    /**
     * Waits until Lambda would take the snapshot.
     *
     * @throws IOException if the function failed, or did not reach this point within 60 s
     */
    void awaitCheckpoint() throws IOException, InterruptedException {
        HttpExchange unused = await(checkpoint);
    }

    /** Lets the process continue as if it had been restored from its snapshot. */
    void restore() throws IOException, InterruptedException {
        HttpExchange exchange = await(checkpoint);
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    /**
     * Waits for the response.
     *
     * @throws IOException if the function failed, or did not respond within 60 s
     */
    Response awaitResponse() throws IOException, InterruptedException {
        return await(response);
    }

    private static <T> T await(CompletableFuture<T> result) throws IOException, InterruptedException {
        try {
            return result.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the function did not respond within " + TIMEOUT, e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        long nanoTime = System.nanoTime();
        String path = exchange.getRequestURI().getPath().substring(ROOT.length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (path.equals("invocation/next")) {
            sendEvent(exchange);
            return;
        }
        if (path.equals("restore/next")) {
            checkpoint.complete(exchange);
            return;
        }
        if (path.equals("invocation/" + REQUEST_ID + "/response")) {
            response.complete(new Response(body, nanoTime));
        } else {
            fail("the function failed: " + path + " " + body);
        }
        exchange.sendResponseHeaders(202, -1);
        exchange.close();
    }

    /** Sends the event in response to the first request. Later requests get no response, as in an idle function. */
    private void sendEvent(HttpExchange exchange) throws IOException {
        if (delivered.getAndSet(true)) {
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Lambda-Runtime-Aws-Request-Id", REQUEST_ID);
        headers.set("Lambda-Runtime-Deadline-Ms", String.valueOf(System.currentTimeMillis() + TIMEOUT.toMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:bench");
        headers.set("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0");
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
