package dev.steptrail.shipper.aws;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What a service says to a request, or what something on the way says in its name. */
public final class AwsAnswer {
    private final SdkHttpResponse head;
    private final byte[] body;

    AwsAnswer(SdkHttpResponse head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    /** At most 1 MiB of it. */
    public byte[] body() {
        return body;
    }

    /** Whether it has this header. */
    public boolean has(String header) {
        return header(header).isPresent();
    }

    Optional<String> header(String name) {
        return head.firstMatchingHeader(name);
    }

    int status() {
        return head.statusCode();
    }

    boolean isSuccessful() {
        return head.isSuccessful();
    }

    /** What to throw if it is none that {@code service} gives, such as the page of a network that wants a login. */
    public IOException isNotOf(AwsService service) {
        return new IOException("what answers with HTTP status " + status() + " is not " + service.name());
    }
}
