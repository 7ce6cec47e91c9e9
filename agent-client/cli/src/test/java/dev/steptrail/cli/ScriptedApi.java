package dev.steptrail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An API with scripted responses that records its requests, and runs commands against itself. */
public final class ScriptedApi implements AutoCloseable {
    /** The local time zone of commands, UTC+8 without daylight saving time. */
    public static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    public static final String TOKEN = "eyJhbGciOi.token";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Queue<Response>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** A request that it received. */
    public record Request(String line, String authorization, String body) {}

    public record Response(int status, Map<String, String> headers, byte[] body) {
        public static Response json(int status, String body) {
            return new Response(status, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
        }

        public static Response problem(int status, String name, String detail) {
            return json(status, "{\"type\":\"urn:steptrail:problem:" + name + "\",\"detail\":\"" + detail + "\"}");
        }

        public static Response bytes(byte[] body) {
            return new Response(200, Map.of(), body);
        }

        public static Response redirect(String location) {
            return new Response(302, Map.of("Location", location), new byte[0]);
        }
    }

    /** The result of a command. */
    public record Run(int exitCode, String out, String err) {}

    public ScriptedApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::respond);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Sets the responses to a request; the last one is repeated.
     *
     * @param request such as {@code GET /api/tasks}, with or without its query; {@code ID} matches any task's id
     */
    public ScriptedApi on(String request, Response... inTurn) {
        answers.put(request, new ArrayDeque<>(List.of(inTurn)));
        return this;
    }

    public List<Request> requests() {
        return requests;
    }

    /** The requests so far, such as {@code GET /api/tasks?limit=50}. */
    public List<String> requestLines() {
        return requests.stream().map(Request::line).toList();
    }

    private void respond(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(new Request(
                line,
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
        Response response = next(line);
        response.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(response.status(), response.body().length == 0 ? -1 : response.body().length);
        exchange.getResponseBody().write(response.body());
        exchange.close();
    }

    private Response next(String line) {
        String route = line.replaceAll("\\?.*", "");
        Queue<Response> inTurn = answers.getOrDefault(
                line, answers.getOrDefault(route, answers.get(route.replaceAll("[0-9a-f-]{36}", "ID"))));
        if (inTurn == null) {
            return Response.problem(
                    404, "not-found", "The task or step does not exist, or it belongs to another owner.");
        }
        synchronized (inTurn) {
            return inTurn.size() > 1 ? inTurn.remove() : inTurn.element();
        }
    }

    public Run run(String... arguments) {
        StringWriter out = new StringWriter();
        Run run = run(out, arguments);
        return new Run(run.exitCode(), out.toString(), run.err());
    }

    /** Runs a command that prints to {@code out}. */
    public Run run(Writer out, String... arguments) {
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of("STEPTRAIL_API", address(), "STEPTRAIL_TOKEN", TOKEN);
        int exitCode =
                Steptrail.run(environment, ZONE, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(exitCode, "", err.toString());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
