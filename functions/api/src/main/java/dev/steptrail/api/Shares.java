package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.admin.ShareRepository;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Share links, which let people without an account read one task. The token is sent in a header and is part of the
 * link's URL fragment (after {@code #}), which browsers do not send. Only its hash is stored.
 */
final class Shares {
    /** The header that contains the token, in API Gateway's spelling. */
    static final String HEADER = "x-steptrail-share";

    /** The prefix of a share link's id in the audit log. No subject of a token starts with it. */
    static final String READER = "share:";

    private static final int TOKEN_BYTES = 32;

    /** The format of {@link #newToken}. Other texts are rejected without a query. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final ShareRepository shares;

    Shares(ShareRepository shares) {
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
     * @throws Problem the same one whether the token is for another task, expired, revoked or never existed
     */
    View view(GatewayRequest event, String taskId) {
        String token = event.header(HEADER);
        if (token == null || token.isEmpty()) {
            throw new Problem(Kind.UNSHARED);
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new Problem(Kind.NOT_FOUND);
        }
        return shares.findSharedTask(hash(token))
                .filter(shared -> shared.task().taskId().toString().equals(taskId))
                .map(shared -> View.shared(shared.task(), READER + shared.shareId(), shared.includeSensitive()))
                .orElseThrow(() -> new Problem(Kind.NOT_FOUND));
    }
}
