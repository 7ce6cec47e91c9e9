package dev.steptrail.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives the responses of custom resources, as CloudFormation's bucket does. */
final class CloudFormationResponses implements AutoCloseable {
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();

    /** The statuses of the next requests, before those that succeed. */
    final List<Integer> statuses = new CopyOnWriteArrayList<>();

    private final HttpServer server;

    CloudFormationResponses() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int status = statuses.isEmpty() ? 200 : statuses.remove(0);
            if (!exchange.getRequestMethod().equals("PUT")) {
                status = 405;
            }
            if (status == 200) {
                received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    /** Returns an event for a custom resource. */
    Map<String, Object> event(String type, Map<String, Object> properties) {
        return Map.of(
                "RequestType", type,
                "ResponseURL", "http://127.0.0.1:" + server.getAddress().getPort() + "/response?signed=secret",
                "StackId", "arn:aws:cloudformation:eu-west-1:123:stack/steptrail/1",
                "RequestId", "request",
                "LogicalResourceId", "SignInClientUrls",
                "ResourceType", "Custom::SignInClient",
                "ResourceProperties", properties);
    }

    List<JsonNode> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
