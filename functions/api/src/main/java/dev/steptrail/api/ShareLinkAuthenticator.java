package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.report.TaskView;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.admin.ShareRepository;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Authenticates readers by the token of a share link, which grants read access to one task. The viewer reads the token
 * from the link's URL fragment, which browsers do not send, and sends it in a header. Only the token's hash is stored.
 */
final class ShareLinkAuthenticator {
    /** The header that contains the token, in lower case, as API Gateway passes it. */
    static final String HEADER = "x-steptrail-share";

    /** The prefix of a share link's id in the audit log. {@link CallerResolver} rejects subjects that start with it. */
    static final String READER_PREFIX = "share:";

    private static final int TOKEN_BYTES = 32;

    /** The format of {@link #newToken}. Other tokens are rejected without a database query. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final ShareRepository shares;

    ShareLinkAuthenticator(ShareRepository shares) {
        this.shares = shares;
    }

    static String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token); // created per call, so that a Lambda snapshot does not contain its seed
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the view of the task for the holder of the token in the request.
     *
     * @throws Problem if the token is missing; NOT_FOUND if it grants no access, whatever the reason
     */
    TaskView authenticate(GatewayRequest event, String taskId) {
        String token = event.header(HEADER);
        if (token == null || token.isEmpty()) {
            throw new Problem(Kind.SHARE_TOKEN_MISSING);
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new Problem(Kind.NOT_FOUND);
        }
        return shares.findSharedTask(hash(token))
                .filter(shared -> shared.task().taskId().toString().equals(taskId))
                .map(shared -> TaskView.shared(shared.task(), shared.contents(), READER_PREFIX + shared.shareId()))
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
    }
}
