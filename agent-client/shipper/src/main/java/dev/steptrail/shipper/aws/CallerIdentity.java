package dev.steptrail.shipper.aws;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Who the credentials are, as STS says by its action GetCallerIdentity, which needs no permission. Thread-safe. */
public final class CallerIdentity {
    /** A unique id, and behind a colon the session's name. */
    private static final Pattern USER_ID = Pattern.compile("\\w[\\w+=,.@-]{0,127}(:[\\w+=,.@-]{1,128})?");

    private final AwsClient sts;

    public CallerIdentity(AwsClient sts) {
        this.sts = sts;
    }

    /** Whether this can be an {@code aws:userid}. */
    public static boolean isUserId(String id) {
        return USER_ID.matcher(id).matches();
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
        return AnswerText.ofXml(answer.body(), "UserId")
                .filter(CallerIdentity::isUserId)
                .orElseThrow(() -> answer.isNotOf(AwsService.STS));
    }
}
