package dev.steptrail.localcloud.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client has asked a user's sign-in for, and what its code is bound to.
 *
 * @param challenge the SHA-256 of what only the client knows (RFC 7636)
 * @param nonce of the client, which its id token repeats
 */
record AuthorizationRequest(
        String clientId,
        String redirectUri,
        String challenge,
        @Nullable String nonce) {
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    static boolean isChallenge(@Nullable String text) {
        return text != null && CHALLENGE.matcher(text).matches();
    }

    /** Whether this is what the challenge was made of. */
    boolean provenBy(String verifier) {
        return VERIFIER.matcher(verifier).matches() && challenge.equals(challengeOf(verifier));
    }

    static String challengeOf(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
