package dev.steptrail.localcloud.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.tracker.internal.outbox.AtomicFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the part of Systems Manager's Parameter Store that the functions use, on 127.0.0.1: GetParameter, PutParameter
 * and DeleteParameters in AWS's JSON 1.1 protocol. Each value is a file that only its owner may read. Other users of
 * this machine can send requests, too, so the server's URL contains a secret; signatures are not checked. Each request
 * has its own thread, so that an incomplete one does not block others.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html">GetParameter</a>
 */
public final class ParameterServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterServer.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "parameter-server");
        thread.setDaemon(true);
        return thread;
    });

    private ParameterServer(Path folder, HttpServer server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param folder must exist
     * @param port 0 for a free port
     * @param secret the path of the only URL to which the server responds, without slashes
     * @throws IOException if it cannot listen
     */
    public static ParameterServer start(Path folder, int port, String secret) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ParameterServer parameters = new ParameterServer(folder, server);
        server.setExecutor(parameters.threads);
        server.createContext("/" + secret + "/", parameters::handle);
        server.start();
        return parameters;
    }

    /** Returns the endpoint URL of a server with this port and secret. */
    public static String url(int port, String secret) {
        return "http://127.0.0.1:" + port + "/" + secret;
    }

    /** Returns the port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Creates or replaces a parameter. */
    public void put(String name, String value) throws IOException {
        AtomicFile.replace(file(name), temporary -> Files.writeString(temporary, value, StandardCharsets.UTF_8));
    }

    private Path file(String name) {
        return folder.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String operation = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            Map<String, ?> response = run(operation, request);
            byte[] body = JSON.writeValueAsBytes(response);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(response.containsKey("__type") ? 400 : 200, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "a request to the parameter server failed: {}",
                    e.getClass().getName()); // the message may contain a value
        }
    }

    /** Returns the response; an error has a {@code __type}. */
    private Map<String, ?> run(String operation, JsonNode request) throws IOException {
        String name = request.path("Name").asText();
        switch (operation) {
            case "AmazonSSM.GetParameter" -> {
                if (!Files.exists(file(name))) {
                    return Map.of("__type", "ParameterNotFound", "message", "");
                }
                String value = Files.readString(file(name), StandardCharsets.UTF_8);
                return Map.of("Parameter", Map.of("Name", name, "Type", "SecureString", "Value", value, "Version", 1));
            }
            case "AmazonSSM.PutParameter" -> {
                put(name, request.path("Value").asText());
                return Map.of("Version", 1, "Tier", "Standard");
            }
            case "AmazonSSM.DeleteParameters" -> {
                List<String> deleted = new ArrayList<>();
                for (JsonNode each : request.path("Names")) {
                    if (Files.deleteIfExists(file(each.asText()))) {
                        deleted.add(each.asText());
                    }
                }
                return Map.of("DeletedParameters", deleted);
            }
            default -> {
                String message = operation + " is not supported by the local cloud";
                return Map.of("__type", "UnknownOperationException", "message", message);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
