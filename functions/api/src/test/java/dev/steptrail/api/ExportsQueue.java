package dev.steptrail.api;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The end of a queue at which exports are asked for: it takes every message, and tells what it says. Until this JVM ends. */
final class ExportsQueue {
    private static final Pattern MESSAGE =
            Pattern.compile("\"MessageGroupId\":\"([^\"]+)\".*\"MessageBody\":\"([^\"]+)\"");

    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    final Set<String> groups = ConcurrentHashMap.newKeySet();
    private final HttpServer server;

    ExportsQueue() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            Matcher message =
                    MESSAGE.matcher(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            boolean found = message.find();
            groups.add(found ? message.group(1) : "");
            asked.add(found ? message.group(2) : "");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/000000000000/exports.fifo";
    }
}
