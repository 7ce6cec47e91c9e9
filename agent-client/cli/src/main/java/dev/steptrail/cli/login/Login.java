package dev.steptrail.cli.login;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a user who has signed in, and the endpoints to refresh and revoke them.
 *
 * @param api the URL of the API that the tokens are for
 * @param revocationEndpoint null if the issuer has none
 * @param owner the subject of the tokens, which owns the user's tasks
 * @param email null if the ID token contained none
 * @param name null if the ID token contained none
 * @param refreshToken null if the issuer returned none; the login then ends when the access token expires
 * @param expiresAt when the access token expires, in seconds since the epoch
 */
public record Login(
        String api,
        String issuer,
        String clientId,
        URI tokenEndpoint,
        @Nullable URI revocationEndpoint,
        String owner,
        @Nullable String email,
        @Nullable String name,
        String accessToken,
        @Nullable String refreshToken,
        long expiresAt) {

    /** Returns a login with new tokens. */
    Login withTokens(String newAccessToken, @Nullable String newRefreshToken, long newExpiresAt) {
        return new Login(
                api,
                issuer,
                clientId,
                tokenEndpoint,
                revocationEndpoint,
                owner,
                email,
                name,
                newAccessToken,
                newRefreshToken,
                newExpiresAt);
    }

    /** Returns whether all members that are not nullable are set; JSON may lack them. */
    boolean isComplete() {
        return Stream.of(api, issuer, clientId, tokenEndpoint, owner, accessToken)
                .allMatch(Objects::nonNull);
    }

    /** Returns whether the access token expires within this number of seconds. */
    boolean expiresWithin(long seconds) {
        return expiresAt - Instant.now().getEpochSecond() < seconds;
    }

    @Override
    public String toString() {
        return "login of " + owner + " for " + api; // without the tokens
    }
}
