package dev.steptrail.localcloud.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the part of Systems Manager's Parameter Store that the functions use, on 127.0.0.1: GetParameter, PutParameter
 * and DeleteParameters in AWS's JSON 1.1 protocol. Each value is a file that only its owner may read. Requests must
 * contain the access key's id, which other users of this machine do not know. Signatures are not checked.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html">GetParameter</a>
 */
public final class ParameterServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterServer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TARGET_PREFIX = "AmazonSSM.";

    /** AWS's maximum, for advanced parameters, is 8 KB. */
    private static final int MAX_REQUEST_BYTES = 16 * 1024;

    private final Path folder;
    private final String accessKey;
    private final HttpServer server;

    private ParameterServer(Path folder, String accessKey, HttpServer server) {
        this.folder = folder;
        this.accessKey = accessKey;
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param folder must exist
     * @throws IOException if it cannot listen
     */
    public static ParameterServer start(Path folder, int port, String accessKey) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ParameterServer parameters = new ParameterServer(folder, accessKey, server);
        server.createContext("/", parameters::handle);
        server.start();
        return parameters;
    }

    /** Creates or replaces a parameter. */
    public void put(String name, String value) throws IOException {
        Path temporary = Files.createTempFile(folder, "new", ".tmp"); // createTempFile sets rw-------
        Files.writeString(temporary, value, StandardCharsets.UTF_8);
        Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(String name) {
        return folder.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
            if (authorization == null || !authorization.contains("Credential=" + accessKey + "/")) {
                fail(exchange, "UnrecognizedClientException", "the access key's id is not that of this local cloud");
            } else if (target == null || !target.startsWith(TARGET_PREFIX)) {
                fail(exchange, "UnknownOperationException", "the header X-Amz-Target is missing or invalid");
            } else {
                run(exchange, target.substring(TARGET_PREFIX.length()), JSON.readTree(body));
            }
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "a request to the parameter server failed: {}",
                    e.getClass().getName()); // the message may contain a value
        }
    }

    private void run(HttpExchange exchange, String operation, JsonNode request) throws IOException {
        String name = request.path("Name").asText();
        switch (operation) {
            case "GetParameter" -> {
                if (!Files.exists(file(name))) {
                    fail(exchange, "ParameterNotFound", "");
                    return;
                }
                String value = Files.readString(file(name), StandardCharsets.UTF_8);
                Map<String, ?> parameter = Map.of("Name", name, "Type", "SecureString", "Value", value, "Version", 1);
                respond(exchange, 200, Map.of("Parameter", parameter));
            }
            case "PutParameter" -> {
                put(name, request.path("Value").asText());
                respond(exchange, 200, Map.of("Version", 1, "Tier", "Standard"));
            }
            case "DeleteParameters" -> {
                List<String> deleted = new ArrayList<>();
                for (JsonNode each : request.path("Names")) {
                    if (Files.deleteIfExists(file(each.asText()))) {
                        deleted.add(each.asText());
                    }
                }
                respond(exchange, 200, Map.of("DeletedParameters", deleted));
            }
            default -> fail(exchange, "UnknownOperationException", operation + " is not supported by the local cloud");
        }
    }

    private static void fail(HttpExchange exchange, String type, String message) throws IOException {
        respond(exchange, 400, Map.of("__type", type, "message", message));
    }

    private static void respond(HttpExchange exchange, int status, Map<String, ?> response) throws IOException {
        byte[] body = JSON.writeValueAsBytes(response);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
