package dev.steptrail.shipper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** Stands before a real SQS and lets some messages of a request fail, as SQS does now and then. */
final class FaultySqs implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI sqs;
    private final Map<String, String> environment;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> fails = body -> false;
    private volatile Predicate<String> vanishes = body -> false;
    private volatile boolean senderFault;
    private volatile String code = "InternalError";
    private volatile IntFunction<String> words = request -> "told by SQS";

    FaultySqs(Map<String, String> environment) throws IOException {
        sqs = URI.create(environment.get("AWS_ENDPOINT_URL_SQS"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        this.environment = new HashMap<>(environment);
        this.environment.put(
                "AWS_ENDPOINT_URL_SQS",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The variables that name it. */
    Map<String, String> environment() {
        return environment;
    }

    /** Lets messages whose body is such fail from now on. */
    void fail(Predicate<String> body, boolean senderFault, String code) {
        this.senderFault = senderFault;
        this.code = code;
        fails = body;
    }

    /** What is said of those that fail, by the number of the request. */
    void say(IntFunction<String> words) {
        this.words = words;
    }

    /** Lets messages whose body is such vanish from now on, without a word of them in the answer. */
    void swallow(Predicate<String> body) {
        vanishes = body;
    }

    /** How many messages each request had. */
    List<Integer> sizes() {
        return sizes;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode request = (ObjectNode) JSON.readTree(exchange.getRequestBody());
            ArrayNode entries = (ArrayNode) request.get("Entries");
            ArrayNode good = JSON.createArrayNode();
            ArrayNode failed = JSON.createArrayNode();
            sizes.add(entries.size());
            for (JsonNode entry : entries) {
                String message = entry.get("MessageBody").asText();
                if (vanishes.test(message)) {
                    continue;
                } else if (fails.test(message)) {
                    failed.addObject()
                            .put("Id", entry.get("Id").asText())
                            .put("SenderFault", senderFault)
                            .put("Code", code)
                            .put("Message", words.apply(sizes.size()));
                } else {
                    good.add(entry);
                }
            }
            ObjectNode answer =
                    good.isEmpty() ? JSON.createObjectNode() : forward(request.set("Entries", good), exchange);
            answer.set("Failed", failed);
            byte[] body = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private ObjectNode forward(JsonNode request, HttpExchange exchange) throws IOException {
        try {
            HttpRequest forwarded = HttpRequest.newBuilder(sqs)
                    .header("Content-Type", "application/x-amz-json-1.0")
                    .header("X-Amz-Target", exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
                    .build();
            return (ObjectNode) JSON.readTree(client.send(forwarded, HttpResponse.BodyHandlers.ofByteArray())
                    .body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
