package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.MessageBody;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueProtocolTest {
    @Test
    void request_hasEachMessage_andHowItIsEncoded() throws Exception {
        byte[] request = QueueProtocol.request(
                "https://host/1/steps", List.of(new MessageBody("{\"v\":1}", null), new MessageBody("H4sI", "gzip")));

        assertThat(new String(request, UTF_8))
                .isEqualTo("{\"QueueUrl\":\"https://host/1/steps\",\"Entries\":["
                        + "{\"Id\":\"0\",\"MessageBody\":\"{\\\"v\\\":1}\"},"
                        + "{\"Id\":\"1\",\"MessageBody\":\"H4sI\",\"MessageAttributes\":{\"content-encoding\":"
                        + "{\"DataType\":\"String\",\"StringValue\":\"gzip\"}}}]}");
    }

    @Test
    void answer_tellsOfEachMessage_whateverElseIsInIt() throws Exception {
        String answer = "{\"New\":[{\"Id\":\"7\"}],\"Successful\":[{\"Id\":\"1\",\"MessageId\":\"x\","
                + "\"MD5OfMessageBody\":\"y\",\"More\":{\"Id\":\"9\"}}],\"Failed\":[{\"Id\":\"0\",\"Code\":\"InternalError\","
                + "\"Message\":\"later\",\"SenderFault\":false},{\"Id\":\"2\",\"Code\":\"InvalidMessageContents\","
                + "\"SenderFault\":true}]}";

        assertThat(QueueProtocol.answer(answer.getBytes(UTF_8)))
                .containsExactly(
                        new QueueProtocol.Entry(1, true, "", "", false),
                        new QueueProtocol.Entry(0, false, "InternalError", "later", false),
                        new QueueProtocol.Entry(2, false, "InvalidMessageContents", "", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<html>sign in</html>", "[]", "{\"Failed\":[{\"Code\":\"x\"}]}", "{\"Successful\":[{\"Id\":"
            })
    void whatIsNoAnswerOfSqs_isRefused(String answer) {
        assertThatThrownBy(() -> QueueProtocol.answer(answer.getBytes(UTF_8))).isInstanceOf(IOException.class);
    }
}
