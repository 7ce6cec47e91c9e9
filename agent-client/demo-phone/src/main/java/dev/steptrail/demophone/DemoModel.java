package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A simulated model: a server on 127.0.0.1 with OpenAI's chat completions, which are always streamed. The replies come
 * from a {@link DemoScript}. Thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">OpenAI's API</a>
 */
public final class DemoModel implements AutoCloseable {
    /** The model that the server provides. Requests may name any other. */
    public static final String NAME = "demo";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CHUNK = Pattern.compile(".{1,16}", Pattern.DOTALL);
    private static final int CHARACTERS_PER_TOKEN = 2;

    static {
        // Without it, Java's server delays the chunks of a stream by up to 40 ms.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "demo-model");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final DemoScript script;

    private DemoModel(DemoScript script, HttpServer server) {
        this.script = script;
        this.server = server;
    }

    /** Starts a model on a free port that operates the simulated phone by instruction; see {@link DemoInstructions}. */
    public static DemoModel start() throws IOException {
        return start(new DemoInstructions());
    }

    /** Starts a model on a free port. */
    public static DemoModel start(DemoScript script) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        DemoModel model = new DemoModel(script, server);
        server.setExecutor(model.threads);
        server.createContext("/v1/models", model::models);
        server.createContext("/v1/chat/completions", model::completions);
        server.start();
        return model;
    }

    /** Returns the base URL, which ends in {@code /v1}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Returns the bodies of the requests for completions, in the order of their arrival. */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void models(HttpExchange exchange) throws IOException {
        ObjectNode list = JSON.createObjectNode().put("object", "list");
        list.putArray("data").addObject().put("id", NAME).put("object", "model").put("owned_by", "steptrail");
        respond(exchange, 200, list.toString());
    }

    private void completions(HttpExchange exchange) throws IOException {
        JsonNode request;
        try {
            request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        } catch (JsonProcessingException e) {
            respond(exchange, 400, errorJson(400, "the request is not valid JSON"));
            return;
        }
        requests.add(request);
        try {
            respond(exchange, request, script.reply(request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the demo model was closed", e);
        }
    }

    private void respond(HttpExchange exchange, JsonNode request, DemoReply reply)
            throws IOException, InterruptedException {
        if (reply instanceof DemoReply.Text text) {
            stream(exchange, request, text);
        } else if (reply instanceof DemoReply.HttpError error) {
            respond(exchange, error.status(), errorJson(error.status(), error.message()));
        } else if (reply instanceof DemoReply.Stopped stopped) {
            OutputStream output = startStream(exchange);
            List<String> chunks = chunks(stopped.content());
            for (String chunk : chunks.subList(0, Math.min(stopped.chunks(), chunks.size()))) {
                send(output, delta(request, chunk).toString());
            }
            if (stopped.disconnect()) {
                // Java's server closes the connection after an exception.
                throw new IOException("scripted disconnection");
            }
            output.close();
        } else {
            closed.await();
            throw new IOException("the demo model was closed");
        }
    }

    private static void stream(HttpExchange exchange, JsonNode request, DemoReply.Text text)
            throws IOException, InterruptedException {
        try (OutputStream output = startStream(exchange)) {
            sleep(text.beforeFirstToken());
            boolean first = true;
            for (String chunk : chunks(text.content())) {
                if (!first) {
                    sleep(text.betweenChunks());
                }
                first = false;
                send(output, delta(request, chunk).toString());
            }
            ObjectNode last = delta(request, "");
            ((ObjectNode) last.path("choices").path(0)).put("finish_reason", text.finishReason());
            send(output, last.toString());
            if (request.path("stream_options").path("include_usage").asBoolean()) {
                ObjectNode usage = chunk(request);
                putUsage(usage, request, text);
                send(output, usage.toString());
            }
            send(output, "[DONE]");
        }
    }

    private static OutputStream startStream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void send(OutputStream output, String data) throws IOException {
        output.write(("data: " + data + "\n\n").getBytes(UTF_8));
        output.flush();
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream output = exchange.getResponseBody()) {
            output.write(bytes);
        }
    }

    private static String errorJson(int status, String message) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("message", message).put("code", status).put("type", "demo_error");
        return error.toString();
    }

    private static ObjectNode delta(JsonNode request, String content) {
        ObjectNode chunk = chunk(request);
        ObjectNode choice = chunk.withArray("choices").addObject().put("index", 0);
        choice.putNull("finish_reason");
        choice.putObject("delta").put("role", "assistant").put("content", content);
        return chunk;
    }

    private static ObjectNode chunk(JsonNode request) {
        ObjectNode chunk = JSON.createObjectNode()
                .put("id", "chatcmpl-demo")
                .put("object", "chat.completion.chunk")
                .put("created", 0)
                .put("model", request.path("model").asText(NAME));
        chunk.putArray("choices");
        return chunk;
    }

    private static void putUsage(ObjectNode completion, JsonNode request, DemoReply.Text text) {
        int prompt = text.promptTokens();
        int generated = text.completionTokens();
        if (prompt < 0) {
            prompt = tokens(conversation(request));
        }
        if (generated < 0) {
            generated = tokens(text.content());
        }
        completion
                .putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", generated)
                .put("total_tokens", prompt + generated);
    }

    /** Returns the texts of a request's messages, without images. */
    private static String conversation(JsonNode request) {
        StringBuilder text = new StringBuilder();
        for (JsonNode message : request.path("messages")) {
            text.append(text(message));
        }
        return text.toString();
    }

    /** Returns the text of a message, whose content is a text or a list of parts. */
    static String text(JsonNode message) {
        JsonNode content = message.path("content");
        StringBuilder text = new StringBuilder(content.asText());
        for (JsonNode part : content) {
            text.append(part.path("text").asText());
        }
        return text.toString();
    }

    private static int tokens(String text) {
        return (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private static List<String> chunks(String content) {
        return CHUNK.matcher(content).results().map(MatchResult::group).toList();
    }

    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}
