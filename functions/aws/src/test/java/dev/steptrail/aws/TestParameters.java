package dev.steptrail.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Parameter Store in memory, for tests of the functions. {@link ParameterStoreContract} runs against it, against the
 * local cloud's server and against moto.
 */
public final class TestParameters implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final HttpServer server;
    private volatile boolean failing;

    private TestParameters(HttpServer server) {
        this.server = server;
    }

    public static TestParameters start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestParameters parameters = new TestParameters(server);
            server.createContext("/", parameters::handle);
            server.start();
            return parameters;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the settings of a client of this server. */
    public Map<String, String> settings() {
        return Map.of(
                "AWS_ENDPOINT_URL_SSM", url(),
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "secret");
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the values by name. */
    public Map<String, String> values() {
        return Map.copyOf(values);
    }

    public void put(String name, String value) {
        values.put(name, value);
    }

    /** Sets whether each read fails with an error of the server. */
    public void setFailing(boolean failing) {
        this.failing = failing;
    }

    /** Returns the number of requests that read a parameter, including failed ones. */
    public int reads() {
        return reads.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String name = request.path("Name").asText();
        switch (exchange.getRequestHeaders().getFirst("X-Amz-Target")) {
            case "AmazonSSM.GetParameter" -> {
                reads.incrementAndGet();
                String value = values.get(name);
                if (failing) {
                    respond(exchange, 500, Map.of("__type", "InternalServerError"));
                } else if (value == null) {
                    respond(exchange, 400, Map.of("__type", "ParameterNotFound"));
                } else {
                    respond(exchange, 200, Map.of("Parameter", Map.of("Name", name, "Value", value)));
                }
            }
            case "AmazonSSM.PutParameter" -> {
                values.put(name, request.path("Value").asText());
                respond(exchange, 200, Map.of("Version", 1));
            }
            default -> {
                request.path("Names").forEach(each -> values.remove(each.asText()));
                respond(exchange, 200, Map.of());
            }
        }
    }

    private static void respond(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
