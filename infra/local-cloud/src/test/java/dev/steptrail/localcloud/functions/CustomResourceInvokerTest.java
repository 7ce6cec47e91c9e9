package dev.steptrail.localcloud.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.localcloud.template.Template.CustomResource;
import dev.steptrail.localcloud.template.Template.Function;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CustomResourceInvokerTest {
    /** Sends the resource's property {@code answer} as the response, or none if it is missing. */
    public static final class RespondingHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
        public RespondingHandler(Map<String, String> settings) {
            assertThat(settings).isNotNull();
        }

        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            assertThat(event)
                    .containsEntry("RequestType", "Create")
                    .containsEntry("LogicalResourceId", "Table")
                    .containsEntry("ResourceType", "Custom::Table")
                    .containsKeys("RequestId", "StackId");
            Object answer = ((Map<?, ?>) event.get("ResourceProperties")).get("answer");
            if (answer != null) {
                put(String.valueOf(event.get("ResponseURL")), answer.toString());
            }
            if (event.toString().contains("then throw")) {
                throw new IllegalStateException("too late");
            }
            return Map.of();
        }

        private static void put(String url, String answer) {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) URI.create(url).toURL().openConnection();
                connection.setRequestMethod("PUT");
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(answer.getBytes(StandardCharsets.UTF_8));
                }
                assertThat(connection.getResponseCode()).isEqualTo(200);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void create(Map<String, String> properties) throws Exception {
        create(properties, Duration.ofSeconds(30));
    }

    private static void create(Map<String, String> properties, Duration timeout) throws Exception {
        Function function = new Function(
                "Setup",
                "app-setup",
                "arn",
                RespondingHandler.class.getName(),
                Duration.ofSeconds(5),
                128,
                null,
                Map.of(),
                List.of(),
                List.of());
        try (FunctionHost host = new FunctionHost(function, Map.of())) {
            new CustomResourceInvoker("app")
                    .create(new CustomResource("Table", "Custom::Table", "arn", timeout, properties), host);
        }
    }

    @Test
    void successResponse_createsTheResource() {
        assertThatCode(() -> create(Map.of("answer", "{\"Status\":\"SUCCESS\"}")))
                .doesNotThrowAnyException();
    }

    @Test
    void failureResponse_isReportedWithItsReason_evenIfTheInvocationSucceeded() {
        assertThatThrownBy(() -> create(Map.of("answer", "{\"Status\":\"FAILED\",\"Reason\":\"disk full\"}")))
                .isInstanceOf(InvocationException.class)
                .hasMessage("Table: disk full");
    }

    @Test
    void response_takesPrecedenceOverTheInvocationsResult() {
        assertThatCode(() -> create(Map.of("answer", "{\"Status\":\"SUCCESS\"}", "and", "then throw")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> create(
                        Map.of("answer", "{\"Status\":\"FAILED\",\"Reason\":\"disk full\"}", "and", "then throw")))
                .hasMessage("Table: disk full");
        assertThatThrownBy(() -> create(Map.of("and", "then throw"))).hasMessageContaining("too late");
    }

    @Test
    void responseThatIsNotJson_isAFailure() {
        assertThatThrownBy(() -> create(Map.of("answer", "done")))
                .hasMessageContaining("the function reported a failure without a reason");
    }

    @Test
    void missingResponse_timesOut() {
        assertThatThrownBy(() -> create(Map.of(), Duration.ofMillis(300))).isInstanceOf(TimeoutException.class);
    }
}
