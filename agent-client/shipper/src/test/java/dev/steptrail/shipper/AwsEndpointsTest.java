package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.aws.AwsService;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsEndpointsTest {
    @ParameterizedTest
    @CsvSource({
        "eu-west-1, shots, https://shots.s3.eu-west-1.amazonaws.com",
        "eu-west-1, my.shots, https://s3.eu-west-1.amazonaws.com/my.shots",
        "eu-west-1, my_shots, https://s3.eu-west-1.amazonaws.com/my_shots",
        "eu-west-1, Shots, https://s3.eu-west-1.amazonaws.com/Shots",
        "cn-north-1, shots, https://shots.s3.cn-north-1.amazonaws.com.cn",
        "xx-new-7, shots, https://shots.s3.xx-new-7.amazonaws.com"
    })
    void bucketOfAws_hasAHostOfItsOwn_unlessItsNameFitsNoCertificate(String region, String bucket, String address) {
        assertThat(endpoints(region, Map.of("STEPTRAIL_BUCKET", bucket)).bucket())
                .hasToString(address);
    }

    @Test
    void bucketElsewhere_isAPath() {
        assertThat(endpoints("eu-west-1", Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000/"))
                        .bucket())
                .hasToString("http://127.0.0.1:9000/shots");
    }

    @Test
    void services_areThoseOfTheRegion() {
        AwsEndpoints endpoints = endpoints("cn-northwest-1", Map.of());

        assertThat(endpoints.of(AwsService.SQS)).hasToString("https://sqs.cn-northwest-1.amazonaws.com.cn");
        assertThat(endpoints.of(AwsService.STS)).hasToString("https://sts.cn-northwest-1.amazonaws.com.cn");
    }

    @Test
    void anAddressOfOneService_goesBeforeThatOfAll() {
        AwsEndpoints endpoints = endpoints(
                "eu-west-1", Map.of("AWS_ENDPOINT_URL", "http://all", "AWS_ENDPOINT_URL_SQS", "http://queues"));

        assertThat(endpoints.of(AwsService.SQS)).hasToString("http://queues");
        assertThat(endpoints.of(AwsService.STS)).hasToString("http://all");
    }

    private static AwsEndpoints endpoints(String region, Map<String, String> more) {
        Map<String, String> environment =
                new HashMap<>(Map.of("STEPTRAIL_QUEUE_URL", "https://host/1/steps", "STEPTRAIL_BUCKET", "shots"));
        environment.putAll(more);
        return new AwsEndpoints(ShipperSettings.from(environment), region);
    }
}
