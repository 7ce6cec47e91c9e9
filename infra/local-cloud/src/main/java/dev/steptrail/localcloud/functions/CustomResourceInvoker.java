package dev.steptrail.localcloud.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.steptrail.localcloud.template.Template.CustomResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Invokes a function to create a custom resource, as CloudFormation does. The event contains a URL to which the
 * function sends its response by PUT. Success depends on that response, not on the result of the invocation.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html">Custom resource
 *     reference</a>
 */
public final class CustomResourceInvoker {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_RESPONSE_BYTES = 4096;

    private final String stack;

    /** @param stack the stack's name */
    public CustomResourceInvoker(String stack) {
        this.stack = stack;
    }

    /**
     * Sends a Create event to the function and waits for its response.
     *
     * @throws InvocationException if the function failed or reported a failure
     * @throws TimeoutException if the function did not respond in time
     */
    public void create(CustomResource resource, FunctionHost function)
            throws InvocationException, TimeoutException, IOException, InterruptedException {
        BlockingQueue<JsonNode> responses = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> receive(exchange, responses));
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/" + UUID.randomUUID();
            try {
                function.invoke(JSON.writeValueAsBytes(event(resource, url)), resource.timeout());
            } catch (InvocationException e) {
                if (responses.isEmpty()) {
                    throw e;
                }
            }
            JsonNode response = responses.poll(resource.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (response == null) {
                throw new TimeoutException(resource.id() + ": the function did not respond");
            }
            if (!response.path("Status").asText().equals("SUCCESS")) {
                String reason = response.path("Reason").asText("the function reported a failure without a reason");
                throw new InvocationException(resource.id() + ": " + reason, false);
            }
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

    private static void receive(HttpExchange exchange, Queue<JsonNode> responses) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_RESPONSE_BYTES + 1);
        boolean accepted = exchange.getRequestMethod().equals("PUT") && body.length <= MAX_RESPONSE_BYTES;
        if (accepted) {
            responses.add(parse(body));
        }
        exchange.sendResponseHeaders(accepted ? 200 : 400, -1);
        exchange.close();
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance(); // has no Status, so counts as a failure
        }
    }
}
