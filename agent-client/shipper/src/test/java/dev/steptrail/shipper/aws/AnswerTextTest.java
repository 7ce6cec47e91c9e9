package dev.steptrail.shipper.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTextTest {
    @Test
    void errorOfSqs_hasTheCodeOfItsHeader_orElseOfItsType() {
        String json =
                "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"more\":{\"message\":\"no\"},\"message\":\"none\"}";

        assertThat(refusal("AWS.SimpleQueueService.NonExistentQueue;Sender", json)
                        .code())
                .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
        assertThat(refusal("com.amazonaws.sqs#InvalidAttributeValue;Sender", json)
                        .code())
                .isEqualTo("InvalidAttributeValue"); // ElasticMQ
        assertThat(refusal("", json).code()).isEqualTo("QueueDoesNotExist");
        assertThat(refusal("", json).told()).isEqualTo("none");
        assertThat(refusal("", "{\"__type\":\"InvalidClientTokenId\",\"Message\":\"x\"}")
                        .code())
                .isEqualTo("InvalidClientTokenId");
    }

    @Test
    void errorOfSts_isFoundWhereverItStands() {
        AwsRefusal refusal = refusal(
                "",
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
                        + "<Code>ExpiredToken</Code><Message>it is old</Message></Error></ErrorResponse>");

        assertThat(refusal.code()).isEqualTo("ExpiredToken");
        assertThat(refusal.told()).isEqualTo("it is old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"__type\":1}", "[1]", "bad gateway", "<html><body>no<br></html>"})
    void whatIsNoErrorOfAws_hasNoCode(String body) {
        assertThat(refusal("", body).code()).isEmpty();
    }

    @Test
    void entitiesOfAHostileAnswer_areNotResolved() {
        String bomb = "<!DOCTYPE x [<!ENTITY a \"boom\"><!ENTITY b SYSTEM \"file:///etc/hostname\">]>"
                + "<Error><Code>&a;&b;</Code></Error>";

        assertThat(refusal("", bomb).code()).doesNotContain("boom");
    }

    private static AwsRefusal refusal(String queryError, String body) {
        return AnswerText.refusal(400, queryError, body.getBytes(UTF_8));
    }
}
