package dev.steptrail.localcloud.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.tracker.internal.outbox.AtomicFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the part of Systems Manager's Parameter Store that the functions use, on 127.0.0.1: GetParameter, PutParameter
 * and DeleteParameters in AWS's JSON 1.1 protocol. Each value is a file that only its owner may read. Requests must be
 * signed with the secret key, because other users of this machine can send requests, too. Each request has its own thread
 * and a time limit, so that an incomplete one does not block others.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html">GetParameter</a>
 */
public final class ParameterServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterServer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TARGET_PREFIX = "AmazonSSM.";

    /** AWS's maximum, for advanced parameters, is 8 KB. */
    private static final int MAX_REQUEST_BYTES = 16 * 1024;

    private static final int THREADS = 32;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private final Path folder;
    private final RequestSignature signature;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, ParameterServer::daemon);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(ParameterServer::daemon);

    private ParameterServer(Path folder, RequestSignature signature, HttpServer server) {
        this.folder = folder;
        this.signature = signature;
        this.server = server;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "parameter-server");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts listening.
     *
     * @param folder must exist
     * @param port 0 for a free port
     * @param accessKey the id of the key pair with which requests must be signed
     * @throws IOException if it cannot listen
     */
    public static ParameterServer start(Path folder, int port, String accessKey, String secretKey) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        ParameterServer parameters =
                new ParameterServer(folder, new RequestSignature(url, accessKey, secretKey), server);
        server.setExecutor(parameters::executeWithTimeout);
        server.createContext("/", parameters::handle);
        server.start();
        return parameters;
    }

    /** Returns the port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Runs a task that reads a request and responds. An interrupt closes its connection. */
    private void executeWithTimeout(Runnable task) {
        threads.execute(() -> {
            Future<?> timeout = timer.schedule(
                    Thread.currentThread()::interrupt, REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            try {
                task.run();
            } finally {
                timeout.cancel(false);
            }
        });
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
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
            if (!signature.isValid(exchange, body)) {
                fail(
                        exchange,
                        "InvalidSignatureException",
                        "the request was not signed with the keys of this local cloud within the last five minutes");
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
        threads.shutdownNow();
        timer.shutdownNow();
    }
}
