package dev.steptrail.localcloud.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.localcloud.template.CustomResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has a function make a custom resource, as CloudFormation does: the function is told where to put its answer, and what counts is that answer,
 * not what the invocation gives.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html">Custom resource reference</a>
 */
public final class ResourceMaker {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_OF_AN_ANSWER = 4096;

    private final String stack;

    /** @param stack the stack's name */
    public ResourceMaker(String stack) {
        this.stack = stack;
    }

    /**
     * Makes it, or where it was made by an earlier start, has the function see to it that it is there.
     *
     * @throws InvocationException when the function failed, or told that the resource cannot be made
     * @throws TimeoutException when it told nothing in time
     */
    public void make(CustomResource resource, FunctionHost function)
            throws InvocationException, TimeoutException, IOException, InterruptedException {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> take(exchange, answer));
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/" + UUID.randomUUID();
            try {
                function.invoke(JSON.writeValueAsBytes(event(resource, url)), resource.timeout());
            } catch (InvocationException e) {
                if (!answer.isDone()) {
                    throw e;
                }
            }
            check(resource, answer(answer, resource.timeout()));
        } finally {
            server.stop(0);
        }
    }

    private Map<String, Object> event(CustomResource resource, String url) {
        return Map.of(
                "RequestType", "Create",
                "ResponseURL", url,
                "StackId", stack,
                "RequestId", UUID.randomUUID().toString(),
                "LogicalResourceId", resource.id(),
                "ResourceType", resource.type(),
                "ResourceProperties", resource.properties());
    }

    private static void take(HttpExchange exchange, CompletableFuture<JsonNode> answer) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_OF_AN_ANSWER + 1);
        boolean taken = exchange.getRequestMethod().equals("PUT") && body.length <= MOST_OF_AN_ANSWER;
        if (taken) {
            answer.complete(tree(body));
        }
        exchange.sendResponseHeaders(taken ? 200 : 400, -1);
        exchange.close();
    }

    private static JsonNode tree(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance(); // then it does not say that it succeeded
        }
    }

    private static JsonNode answer(CompletableFuture<JsonNode> answer, Duration patience)
            throws TimeoutException, InterruptedException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(CustomResource resource, JsonNode answer) throws InvocationException {
        if (!answer.path("Status").asText().equals("SUCCESS")) {
            throw InvocationException.failed(
                    resource.id() + ": " + answer.path("Reason").asText("its function says that it failed"));
        }
    }
}
