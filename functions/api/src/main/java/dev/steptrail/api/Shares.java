package dev.steptrail.api;

import dev.steptrail.api.Problem.Kind;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.admin.ShareRepository;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Links by which somebody without an account reads one task. The token of one comes in a header, and of its address in the part
 * behind the {@code #}, which browsers send nobody: so no log has it. Only its hash is stored.
 */
final class Shares {
    /** The header that carries the token, as API Gateway spells it. */
    static final String HEADER = "x-steptrail-share";

    /** What readers by a link are called in the audit log, with the link's id; nobody's subject begins so. */
    static final String READER = "share:";

    private static final int TOKEN_BYTES = 32;

    /** As {@link #newToken} makes them: whatever is none need not be looked for. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final ShareRepository shares;

    Shares(ShareRepository shares) {
        this.shares = shares;
    }

    static String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token); // none that a snapshot contains
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What who has the request's token sees of this task.
     *
     * @throws Problem the same for a token of another task, one that expired or was taken back, and one that never was
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
