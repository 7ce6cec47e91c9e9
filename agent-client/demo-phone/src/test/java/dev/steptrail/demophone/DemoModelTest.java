package dev.steptrail.demophone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STREAM =
            "{'model':'m','stream':true,'messages':[{'role':'user','content':'hi'}]}".replace('\'', '"');
    private static final String STREAM_WITH_USAGE =
            STREAM.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");

    private static HttpResponse<String> post(DemoModel model, String body) throws IOException, InterruptedException {
        return post(model, body, Duration.ofSeconds(10));
    }

    private static HttpResponse<String> post(DemoModel model, String body, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(model.url() + "/chat/completions"))
                .timeout(timeout)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static DemoModel model(DemoReply... replies) throws IOException {
        return DemoModel.start(DemoScript.inOrder(List.of(replies)));
    }

    private static List<String> events(String body) {
        return body.lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    private static String content(List<String> events) throws IOException {
        StringBuilder content = new StringBuilder();
        for (String event : events) {
            if (event.startsWith("{")) {
                content.append(
                        JSON.readTree(event).at("/choices/0/delta/content").asText());
            }
        }
        return content.toString();
    }

    @Test
    void stream_isChunksThenFinishReasonThenDone() throws Exception {
        String text = "thinking with 中文 and \uD83D\uDE00 in it\ndo(action=\"Back\")";
        try (DemoModel model = model(DemoReply.text(text))) {
            HttpResponse<String> response = post(model, STREAM);
            List<String> events = events(response.body());

            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
            assertThat(content(events)).isEqualTo(text);
            assertThat(events).hasSizeGreaterThan(4).last().isEqualTo("[DONE]");
            JsonNode last = JSON.readTree(events.get(events.size() - 2));
            assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        }
    }

    @Test
    void stream_withUsage_endsWithAFinishReasonAndAChunkWithoutChoices() throws Exception {
        DemoReply reply = DemoReply.text("x").withUsage(11, 5).withFinishReason("length");
        try (DemoModel model = model(reply, DemoReply.text("x"))) {
            List<String> events = events(post(model, STREAM_WITH_USAGE).body());
            JsonNode finish = JSON.readTree(events.get(events.size() - 3));
            JsonNode usage = JSON.readTree(events.get(events.size() - 2));

            assertThat(finish.at("/choices/0/finish_reason").asText()).isEqualTo("length");
            assertThat(usage.get("choices")).isEmpty();
            assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(11);
            assertThat(usage.at("/usage/total_tokens").asInt()).isEqualTo(16);
            assertThat(post(model, STREAM_WITH_USAGE).body()).as("estimated").contains("\"completion_tokens\":1");
        }
    }

    @Test
    void errors_haveTheirStatusAndMessage() throws Exception {
        try (DemoModel model = model(DemoReply.error(429), DemoReply.error(500))) {
            HttpResponse<String> limited = post(model, STREAM);
            HttpResponse<String> failed = post(model, STREAM);

            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(JSON.readTree(failed.body()).at("/error/message").asText())
                    .isNotEmpty();
            assertThat(post(model, STREAM).statusCode()).isEqualTo(400);
            assertThat(post(model, "{").statusCode()).isEqualTo(400);
            assertThat(model.requests()).hasSize(3);
        }
    }

    @Test
    void stoppedStream_hasNoEnd() throws Exception {
        String text = "a".repeat(100);
        try (DemoModel model = model(new DemoReply.Stopped(text, 2, false), new DemoReply.Stopped(text, 2, true))) {
            String body = post(model, STREAM).body();

            assertThat(content(events(body))).isEqualTo("a".repeat(32));
            assertThat(body).doesNotContain("[DONE]", "stop");
            assertThatThrownBy(() -> post(model, STREAM)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void silence_neverAnswers() throws Exception {
        try (DemoModel model = model(new DemoReply.Silence())) {
            assertThatThrownBy(() -> post(model, STREAM, Duration.ofMillis(300)))
                    .isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void perConversation_countsTheEarlierReplies() throws Exception {
        DemoScript script = DemoScript.perConversation(List.of(DemoReply.text("one"), DemoReply.text("two")));
        try (DemoModel model = DemoModel.start(script)) {
            String second = STREAM.replace("]}", ",{\"role\":\"assistant\",\"content\":\"one\"}]}");

            assertThat(post(model, second).body()).contains("two");
            assertThat(post(model, STREAM).body()).contains("one");
            assertThat(post(model, STREAM).body()).contains("one");
        }
    }

    @Test
    void models_listsTheDemoModel() throws Exception {
        try (DemoModel model = model()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(model.url() + "/models")).build();
            HttpResponse<String> models = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

            assertThat(JSON.readTree(models.body()).at("/data/0/id").asText()).isEqualTo("demo");
        }
    }
}
