package dev.steptrail.cli.login;

import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Tokens;
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
    /** The assumed lifetime of an access token, in seconds, if the issuer does not return it. */
    private static final long DEFAULT_LIFETIME = 300;

    /** Returns the login with new tokens. Keeps the refresh token if the issuer returned no new one. */
    Login withTokens(Tokens tokens) {
        RefreshToken newRefreshToken = tokens.getRefreshToken();
        long lifetime = tokens.getAccessToken().getLifetime();
        return new Login(
                api,
                issuer,
                clientId,
                tokenEndpoint,
                revocationEndpoint,
                owner,
                email,
                name,
                tokens.getAccessToken().getValue(),
                newRefreshToken == null ? refreshToken : newRefreshToken.getValue(),
                Instant.now().getEpochSecond() + (lifetime > 0 ? lifetime : DEFAULT_LIFETIME));
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
