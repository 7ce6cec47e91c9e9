package dev.steptrail.phone.model;

import static dev.steptrail.phone.model.ScriptedServer.finish;
import static dev.steptrail.phone.model.ScriptedServer.send;
import static dev.steptrail.phone.model.ScriptedServer.startEvents;
import static dev.steptrail.phone.model.ScriptedServer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.stepformat.Usage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatClientTest {
    private static final List<ChatMessage> MESSAGES = List.of(
            ChatMessage.system("rules"), ChatMessage.user("你好", new byte[] {1, 2, 3}), ChatMessage.assistant("a"));
    private static final String DONE = "[DONE]";
    private static final String KEY = "sk-secret-123";

    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void complete_aConversation_sendsTheRequestOfOpenAutoGlm() throws Exception {
        server.thenEvents(token("ok"), DONE);

        client().complete(MESSAGES);

        assertThat(server.received()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/v1/chat/completions");
            assertThat(request.authorization()).isEqualTo("Bearer " + KEY);
            assertThat(json(request.body())).isEqualTo(json("""
                    {"model":"autoglm","messages":[{"role":"system","content":"rules"},
                     {"role":"user","content":[
                       {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
                       {"type":"text","text":"你好"}]},
                     {"role":"assistant","content":"a"}],
                     "max_tokens":3000,"temperature":0.0,"top_p":0.85,"frequency_penalty":0.2,"stream":true,
                     "stream_options":{"include_usage":true}}"""));
        });
    }

    @Test
    void complete_withoutAKey_sendsNone() throws Exception {
        server.thenEvents(token("ok"), DONE);

        ChatClient.fromEnvironment(settings(), Map.of("OPENAI_API_KEY", "of another server"))
                .complete(MESSAGES);

        assertThat(server.received().get(0).authorization()).isEqualTo("null");
    }

    @Test
    void complete_aStream_assemblesTheTextAndReadsUsage() throws Exception {
        server.thenEvents(
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                token("你"),
                token("好 \\\"x\\\""),
                finish("stop"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}",
                DONE);

        ChatReply reply = client().complete(MESSAGES);

        assertThat(reply.text()).isEqualTo("你好 \"x\"");
        assertThat(reply.usage()).isEqualTo(Usage.of(10, 4, 3));
        assertThat(reply.finishReason()).isEqualTo("stop");
        assertThat(reply.timeToFirstToken()).isLessThanOrEqualTo(reply.time());
    }

    @Test
    void complete_aSlowStream_hasTheTimeToTheFirstText() throws Exception {
        server.then(exchange -> {
            startEvents(exchange);
            send(exchange, token("a"));
            Thread.sleep(200);
            send(exchange, token("b"));
            send(exchange, DONE);
        });

        ChatReply reply = client().complete(MESSAGES);

        assertThat(reply.time().minus(reply.timeToFirstToken())).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void complete_aReplyThatIsNoStream_isAccepted() throws Exception {
        server.then(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"all 好\"},\"finish_reason\":\"length\"}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}",
                "Content-Type",
                "application/json");

        ChatReply reply = client().complete(MESSAGES);

        assertThat(reply.text()).isEqualTo("all 好");
        assertThat(reply.isTruncated()).isTrue();
        assertThat(reply.usage()).isEqualTo(Usage.of(1, null, 2));
    }

    @Test
    void complete_severalCalls_useOneConnection() throws Exception {
        server.thenEvents(token("a"), DONE)
                .thenEvents(token("b"), DONE)
                .then(500, "")
                .thenEvents(token("c"), DONE);
        ChatClient client = client();

        for (String text : List.of("a", "b", "c")) {
            assertThat(client.complete(MESSAGES).text()).isEqualTo(text);
        }

        assertThat(server.received()).hasSize(4);
        assertThat(server.received())
                .extracting(ScriptedServer.Received::clientPort)
                .containsOnly(server.received().get(0).clientPort());
    }

    @Test
    void complete_anEmptyReply_isAReply() throws Exception {
        server.thenEvents(finish("stop"), DONE).thenEvents(finish("stop"), DONE);
        ChatClient client = client();

        assertThat(client.complete(MESSAGES).text()).isEmpty();
        assertThat(client.complete(MESSAGES).timeToFirstToken()).isNull();
    }

    @Test
    void complete_aBusyServer_isAskedAgain_andEachRetryIsReported_untilTheLastOneFails() throws Exception {
        server.then(503, "busy").then(429, "").thenEvents(token("ok"), DONE);
        server.then(502, "").then(500, "").thenEvents(token("ok"), DONE);
        List<String> attempts = new ArrayList<>();

        assertThat(client().complete(MESSAGES, Duration.ofMinutes(1), attempts::add)
                        .text())
                .isEqualTo("ok");
        assertThat(client().complete(MESSAGES).text()).isEqualTo("ok");

        assertThat(attempts)
                .containsExactly(
                        "attempt 2 of 3: the model's server failed (HTTP 503: busy)",
                        "attempt 3 of 3: the model's server limits the rate of requests (HTTP 429)");

        server.then(502, "").then(502, "").then(500, "{\"error\":{\"message\":\"out of memory\"}}");
        assertFailure()
                .isInstanceOf(ChatException.class)
                .hasMessage("the model's server at " + server.url()
                        + "/chat/completions failed (HTTP 500: out of memory) (after 3 attempts)");
    }

    @Test
    void complete_noValidHttpResponse_isNamedWithoutControlCharacters_andNotRetried() throws Exception {
        try (ServerSocket raw = answering("")) {
            ModelSettings settings = settings(raw).withRetries(0, Duration.ZERO);

            assertThatThrownBy(() -> new ChatClient(settings, null).complete(MESSAGES))
                    .hasMessageEndingWith(": the server closed the connection without an answer");
        }

        try (ServerSocket raw = answering("HTTP/1.1 302 Found\r\n\u001b[31mred: x\r\n\r\n")) {
            assertThatThrownBy(() -> new ChatClient(settings(raw), null).complete(MESSAGES))
                    .hasMessageContaining("is not a valid HTTP response")
                    .hasMessageNotContaining("\u001b")
                    .hasMessageNotContaining("attempt");
        }
    }

    @Test
    void complete_retryAfterADate_isHonoured() throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2));
        server.then(429, "", "Retry-After", date).thenEvents(token("ok"), DONE);

        ChatReply reply = client().complete(MESSAGES);

        assertThat(reply.time()).isGreaterThan(Duration.ofMillis(290)); // RFC 1123 has no fractions of a second
    }

    @Test
    void complete_aRetryAfterBeyondTheDeadline_failsAtOnce() {
        server.then(429, "quota", "Retry-After", "3600");

        assertFailure()
                .hasMessageContaining("limits the rate of requests (HTTP 429: quota); it asks to wait for 3600 s");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void complete_aLostConnection_isRetriedBeforeTheFirstTokenOnly() throws Exception {
        server.then(exchange -> {}).thenEvents(token("ok"), DONE);
        assertThat(client().complete(MESSAGES).text()).isEqualTo("ok");

        server.then(exchange -> {
            exchange.sendResponseHeaders(200, 1000); // and closes the connection before 1000 bytes
            send(exchange, token("do(action="));
        });
        assertFailure().hasMessageContaining("is incomplete: the connection was lost");
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void complete_aStreamThatEndsEarly_fails() {
        server.thenEvents(token("do(action=\\\"Ta"));

        assertFailure()
                .hasMessageContaining("is incomplete: it ended without a finish_reason or [DONE]")
                .isInstanceOfSatisfying(ChatException.class, failure -> {
                    assertThat(failure.received().text()).isEqualTo("do(action=\"Ta");
                    assertThat(failure.received().timeToFirstToken()).isPositive();
                });
    }

    @Test
    void complete_aFailedCall_hasTheTimeOfAllAttempts_andNoText() {
        server.then(503, "", "Retry-After", "0.1").then(404, "");

        assertFailure().isInstanceOfSatisfying(ChatException.class, failure -> {
            assertThat(failure.received().text()).isEmpty();
            assertThat(failure.received().time()).isGreaterThan(Duration.ofMillis(100));
            assertThat(failure.received().timeToFirstToken()).isNull();
        });
    }

    @Test
    void complete_aSlowOrSilentServer_endsAtTheDeadline() {
        server.then(exchange -> {
            startEvents(exchange);
            for (int i = 0; i < 100; i++) {
                send(exchange, token("x"));
                Thread.sleep(50);
            }
        });

        assertThatThrownBy(() -> client().complete(MESSAGES, Duration.ofMillis(300), attempt -> {}))
                .hasMessageContaining("No complete reply of")
                .hasMessageContaining("within 0.3 s");

        server.then(exchange -> Thread.sleep(5000));
        assertThatThrownBy(() -> client().complete(MESSAGES, Duration.ofMillis(200), attempt -> {}))
                .hasMessageContaining("within 0.2 s");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void complete_interrupted_endsWithWhatHasArrived(boolean whileStreaming) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.then(exchange -> {
            if (whileStreaming) {
                startEvents(exchange);
                send(exchange, token("x"));
            }
            asked.countDown();
            Thread.sleep(5000);
        });
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                client().complete(MESSAGES);
                thrown.complete(null);
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        caller.start();
        asked.await();
        Thread.sleep(whileStreaming ? 1000 : 0); // until the client has read what was sent
        caller.interrupt();

        assertThat(thrown.get()).isInstanceOfSatisfying(ChatInterruptedException.class, interrupt -> assertThat(
                        interrupt.received().text())
                .isEqualTo(whileStreaming ? "x" : ""));
    }

    @Test
    void complete_garbageOrAnErrorWithinTheStream_isQuoted() {
        server.thenEvents("{\"choices\": oops");
        assertFailure().hasMessageContaining("cannot be used: it contains invalid JSON: {\"choices\": oops");

        server.then(200, "", "Content-Type", "application/json");
        assertFailure().hasMessageEndingWith(" cannot be used: it is empty");

        server.thenEvents("[1]");
        assertFailure().hasMessageContaining("it is not a chat completion: [1]");

        server.thenEvents("{\"error\":{\"message\":\"the context is too long\",\"code\":400}}");
        assertFailure().hasMessageContaining("the server reports an error: the context is too long");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=utf-8, <html>welcome</html>, text/html; charset=utf-8",
        "application/json, {\"message\":\"hello\"}, application/json",
        "text/plain, hello, text/plain",
        ", hello, something else"
    })
    void complete_aServerThatIsNoModel_saysWhatToCheck(String contentType, String body, String named) {
        server.then(200, body, contentType == null ? new String[0] : new String[] {"Content-Type", contentType});

        assertFailure()
                .hasMessage("the model's server at " + server.url() + "/chat/completions answered with " + named
                        + ", not a chat completion: check the URL (most end in /v1), and whether it requires a login");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void models_aList_returnsTheNames() throws Exception {
        server.then(
                200, "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"permission\":[{\"id\":\"p\"}]},{\"id\":\"b\"}]}");

        assertThat(client().models()).contains(List.of("a", "b"));
        assertThat(server.received()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/v1/models");
            assertThat(request.authorization()).isEqualTo("Bearer " + KEY);
        });
    }

    @Test
    void models_anotherAnswer_saysWhatToDo() {
        server.then(401, "{\"error\":{\"message\":\"not " + KEY + "\"}}")
                .then(200, "<html>{\"data\":[]}</html>", "Content-Type", "text/html")
                .then(200, "{}")
                .then(500, "");

        assertThatThrownBy(() -> client().models())
                .isInstanceOf(ChatException.class)
                .hasMessage(
                        "the model's server at " + server.url() + "/models rejected the request (HTTP 401: not ***):"
                                + " check the key in STEPTRAIL_MODEL_KEY");
        assertThatThrownBy(() -> client().models())
                .hasMessageContaining("answered with text/html, not a list of models");
        assertThatThrownBy(() -> client().models()).hasMessageContaining("not a list of models");
        assertThatThrownBy(() -> client().models())
                .hasMessage("the model's server at " + server.url() + "/models failed (HTTP 500)");
        assertThat(server.received()).hasSize(4);
    }

    @Test
    void models_aServerThatDoesNotListThem_isEmpty() throws Exception {
        server.then(404, "<html>no such page</html>", "Content-Type", "text/html")
                .then(405, "");

        assertThat(client().models()).isEmpty();
        assertThat(client().models()).isEmpty();
    }

    @Test
    void models_aLongList_isReadWhole() throws Exception {
        String name = "x".repeat(1_200_000);
        server.then(200, "{\"data\":[{\"id\":\"" + name + "\"}]}", "Content-Type", "application/json");

        assertThat(client().models()).contains(List.of(name));
    }

    @Test
    void models_anIncompleteList_saysWhatIsMissing() {
        server.then(exchange -> {
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("{\"data\":[".getBytes());
                    exchange.getResponseBody().flush();
                    Thread.sleep(20_000);
                })
                .then(exchange -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write("{\"data\":[".getBytes());
                    exchange.getResponseBody().flush(); // a client repeats a GET request without an answer
                })
                .then(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(" ".repeat(17_000_000).getBytes());
                });
        ModelSettings impatient = settings().withTimeout(Duration.ofMillis(300));

        assertThatThrownBy(() -> new ChatClient(impatient, null).models())
                .hasMessage("No complete reply of the model's server at " + server.url() + "/models within 0.3 s");
        assertThatThrownBy(() -> client().models()).hasMessageContaining("is incomplete: the connection was lost");
        assertThatThrownBy(() -> client().models()).hasMessageContaining("it has more than 16777216 bytes");
    }

    @Test
    void complete_aReplyThatIsTooLong_isRejected() {
        server.then(exchange -> {
            startEvents(exchange);
            for (int i = 0; i < 5; i++) {
                send(exchange, token("x".repeat(100_000)));
            }
        });
        assertFailure().hasMessageContaining("its text has more than 262144");

        server.then(exchange -> {
            startEvents(exchange);
            exchange.getResponseBody().write("x".repeat(2_000_000).getBytes());
        });
        assertFailure().hasMessageContaining("an event of more than 1048576 bytes");

        server.then(exchange -> {
            startEvents(exchange);
            byte[] comments = (": " + "x".repeat(1000) + "\n").repeat(1000).getBytes();
            for (int i = 0; i < 20; i++) {
                exchange.getResponseBody().write(comments);
            }
        });

        assertFailure().hasMessageContaining("it has more than 16777216 bytes");
    }

    @Test
    void complete_aRejectedRequest_saysWhatToDo() {
        server.then(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + KEY + "\"}}");
        assertFailure()
                .hasMessageContaining(
                        "(HTTP 401: Incorrect API key provided: ***): check the key in STEPTRAIL_MODEL_KEY");

        server.then(400, "{\"error\":{\"message\":\"the image is too large\"}}");
        assertFailure()
                .hasMessage("the model's server at " + server.url()
                        + "/chat/completions rejected the request (HTTP 400: the image is too large)");

        server.then(401, "");
        assertThatThrownBy(() -> new ChatClient(settings(), null).complete(MESSAGES))
                .hasMessageContaining("set the server's key in STEPTRAIL_MODEL_KEY");

        server.then(404, "{\"message\":\"The model `autoglm` does not exist.\"}");
        assertFailure()
                .hasMessageContaining("The model `autoglm` does not exist.")
                .hasMessageContaining("check that the server provides the model 'autoglm'");

        server.then(302, "", "Location", "https://elsewhere.example/v1");
        assertFailure().hasMessageContaining("redirects are not followed; use the URL https://elsewhere.example/v1");

        server.then(302, "", "Location", "\u001b[31mred");
        assertFailure().hasMessageEndingWith("use the URL [31mred");
        assertThat(server.received()).hasSize(6);
    }

    /** Python's http.server answers POST with 501 and a page. */
    @ParameterizedTest
    @ValueSource(ints = {501, 505})
    void complete_aServerOfAnotherKind_isAskedOnce_andItsPageIsNotQuoted(int status) {
        server.then(status, "<!DOCTYPE HTML><html>Unsupported</html>", "Content-Type", "text/html;charset=utf-8");

        assertFailure()
                .hasMessage("the model's server at " + server.url() + "/chat/completions rejected the request (HTTP "
                        + status + "): check that the server provides the model 'autoglm', and that the URL is right:"
                        + " most end in /v1");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void complete_aServerWithoutStreamOptions_isAskedWithoutThem() throws Exception {
        server.then(400, "{\"error\":{\"message\":\"Unrecognized request argument: stream_options\"}}")
                .thenEvents(token("ok"), DONE)
                .thenEvents(token("ok"), DONE);
        ChatClient client = client();

        client.complete(MESSAGES);
        client.complete(MESSAGES);

        assertThat(server.received())
                .extracting(request -> request.body().contains("stream_options"))
                .containsExactly(true, false, false);
    }

    @Test
    void complete_anUnreachableServer_isNamed() throws Exception {
        String url = "http://127.0.0.1:" + ReservedPorts.reserve() + "/v1";
        ModelSettings refused = ModelSettings.of(url, "m").withRetries(1, Duration.ZERO);
        assertThatThrownBy(() -> new ChatClient(refused, null).complete(MESSAGES))
                .hasMessage("Cannot reach the model's server at " + url + "/chat/completions: connection refused;"
                        + " is the model's server running? (after 2 attempts)");

        ModelSettings unknown =
                ModelSettings.of("http://nowhere.invalid/v1", "m").withRetries(0, Duration.ZERO);
        assertThatThrownBy(() -> new ChatClient(unknown, null).complete(MESSAGES))
                .hasMessageContaining("unknown host 'nowhere.invalid'");
    }

    @Test
    void complete_aSlowErrorMessage_isTruncatedAtTheDeadline() {
        server.then(exchange -> {
            exchange.sendResponseHeaders(500, 0);
            exchange.getResponseBody().write("early".getBytes());
            exchange.getResponseBody().flush();
            Thread.sleep(2000);
            exchange.getResponseBody().write("late".getBytes());
        });

        assertThatThrownBy(() -> client().complete(MESSAGES, Duration.ofMillis(500), attempt -> {}))
                .hasMessageContaining("(HTTP 500: early)");
    }

    /** Servers may repeat the key in any part of their response. */
    @ParameterizedTest
    @ValueSource(strings = {"invalid JSON", "error", "truncated error", "header", "redirect"})
    void complete_aServerThatRepeatsTheKey_failsWithoutTheKeyInMessageOrCauses(String place) throws Exception {
        String start =
                switch (place) {
                    case "invalid JSON" -> "200 OK\r\n\r\ndata: {" + KEY + "\n\n";
                    case "error" -> "200 OK\r\n\r\ndata: {\"error\":\"" + KEY + "\"}\n\n";
                    case "truncated error" -> "400 Bad\r\n\r\n" + "x".repeat(295) + KEY;
                    case "header" -> "200 OK\r\n" + KEY + " x: 1\r\n\r\n";
                    default -> "302 Found\r\nLocation: http://h/" + KEY + "\r\n\r\n";
                };
        try (ServerSocket raw = answering("HTTP/1.1 " + start)) {
            assertThatThrownBy(() -> new ChatClient(settings(raw), KEY).complete(MESSAGES))
                    .isInstanceOfSatisfying(ChatException.class, failure -> {
                        StringWriter trace = new StringWriter();
                        failure.printStackTrace(new PrintWriter(trace));
                        assertThat(trace.toString()).doesNotContain("sk-se");
                    });
        }
    }

    /** Returns a server that answers each connection with these bytes. */
    private static ServerSocket answering(String response) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    try (Socket connection = server.accept()) {
                        connection.getInputStream().read(new byte[64 * 1024]);
                        connection.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    @Test
    @Timeout(60)
    void chatClient_withoutReferences_stopsItsThread() throws Exception {
        server.thenEvents(token("ok"), DONE);
        Set<Thread> earlier = selectorThreads();
        client().complete(MESSAGES);
        Set<Thread> threads = selectorThreads();
        threads.removeAll(earlier);

        assertThat(threads).isNotEmpty();
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                System.gc();
                thread.join(500);
            }
        }
    }

    private static Set<Thread> selectorThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
                .collect(Collectors.toSet());
    }

    @Test
    void chatClient_aKeyThatIsNoHeader_isRejectedWithoutQuotingIt() {
        assertThatThrownBy(() -> new ChatClient(settings(), "sk\nsecret"))
                .hasMessage("STEPTRAIL_MODEL_KEY contains a space, a control character or a character beyond ASCII");
    }

    @Test
    void modelSettings_invalidUrls_areRejected() {
        for (String url : List.of("localhost:8000/v1", "ftp://a/v1", "http://", "", "a b")) {
            assertThatThrownBy(() -> ModelSettings.of(url, "m")).hasMessageContaining("the model's URL is not valid");
        }
        assertThatThrownBy(() -> ModelSettings.of("http://user:pass@host/v1", "m"))
                .hasMessageContaining("must not contain a user")
                .hasMessageNotContaining("pass@");
        assertThatThrownBy(() -> ModelSettings.of("http://user:pass@ho st/v1", "m"))
                .hasMessageContaining("//***@")
                .hasNoCause();
        assertThat(ModelSettings.of("http://h/v1/", "m").completionsUrl()).hasToString("http://h/v1/chat/completions");
        assertThat(ModelSettings.of("http://h/v1/chat/completions", "m").baseUrl())
                .hasToString("http://h/v1");
    }

    private AbstractThrowableAssert<?, ?> assertFailure() {
        return assertThatThrownBy(() -> client().complete(MESSAGES));
    }

    private ChatClient client() {
        return new ChatClient(settings(), KEY);
    }

    private static ModelSettings settings(ServerSocket raw) {
        return ModelSettings.of("http://127.0.0.1:" + raw.getLocalPort() + "/v1", "m");
    }

    private ModelSettings settings() {
        return ModelSettings.of(server.url(), "autoglm")
                .withRetries(2, Duration.ofMillis(1))
                .withTimeout(Duration.ofSeconds(20));
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
