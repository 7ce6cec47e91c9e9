package dev.steptrail.shipper.aws;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Who the credentials are, as STS says by its action GetCallerIdentity, which needs no permission. Thread-safe. */
public final class CallerIdentity {
    private final AwsClient sts;

    public CallerIdentity(AwsClient sts) {
        this.sts = sts;
    }

    /**
     * The {@code aws:userid} of the credentials.
     *
     * @throws AwsRefusal if STS does not say it
     * @throws IOException if STS does not answer
     */
    public String userId() throws IOException, AwsRefusal {
        AwsAnswer answer = sts.send(
                SdkHttpMethod.POST,
                "/",
                Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                "Action=GetCallerIdentity&Version=2011-06-15".getBytes(US_ASCII));
        return AnswerText.ofXml(answer.body(), "UserId").orElseThrow(() -> answer.isNotOf(AwsService.STS));
    }
}
