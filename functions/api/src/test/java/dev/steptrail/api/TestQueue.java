package dev.steptrail.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A local SQS server, which acknowledges every message and records its body and group. Runs until this JVM ends. */
final class TestQueue {
    private static final JsonMapper JSON = new JsonMapper();

    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final Set<String> groups = ConcurrentHashMap.newKeySet();
    private final HttpServer server;

    TestQueue() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            JsonNode message = JSON.readTree(exchange.getRequestBody().readAllBytes());
            String body = message.path("MessageBody").asText();
            groups.add(message.path("MessageGroupId").asText());
            messages.add(body);
            byte[] response = """
                    {"MessageId":"1","MD5OfMessageBody":"%s"}""".formatted(md5(body)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        server.start();
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is not available", e);
        }
    }

    /** Returns settings with these queues. */
    static Map<String, String> settings(Map<String, String> settings, TestQueue exports, TestQueue jobs) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put("STEPTRAIL_EXPORTS_QUEUE_URL", exports.url());
        changed.put("STEPTRAIL_JOBS_QUEUE_URL", jobs.url());
        return changed;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/000000000000/queue.fifo";
    }
}
