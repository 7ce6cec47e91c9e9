package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.admin.ShareRepository;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Authenticates readers by the token of a share link, which grants read access to one task. The viewer reads the token
 * from the link's URL fragment, which browsers do not send, and sends it in a header. Only its hash is stored.
 */
final class ShareLinkAuthenticator {
    /** The header that contains the token, in API Gateway's spelling. */
    static final String HEADER = "x-steptrail-share";

    /** The prefix of a share link's id in the audit log. {@link CallerResolver} rejects subjects that start with it. */
    static final String READER_PREFIX = "share:";

    private static final int TOKEN_BYTES = 32;

    /** The format of {@link #newToken}. Other tokens are rejected without a query. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final ShareRepository shares;

    ShareLinkAuthenticator(ShareRepository shares) {
        this.shares = shares;
    }

    static String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token); // seeded after the restore, not from the snapshot
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the task as the holder of the request's token may see it.
     *
     * @throws Problem if the token is missing or grants no access; the latter is always NOT_FOUND, for any reason
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
                .map(shared ->
                        TaskView.shared(shared.task(), READER_PREFIX + shared.shareId(), shared.includeSensitive()))
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
    }
}
