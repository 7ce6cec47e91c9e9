package dev.steptrail.cli.login;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import dev.steptrail.cli.api.TokenSource;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Information about a token, to be shown to its user. Not verified.
 *
 * @param isLogin whether the token is from a login, and not from {@code STEPTRAIL_TOKEN}
 * @param issuer null if it is unknown, because the token is not a JWT
 * @param name null if it is unknown
 * @param email null if it is unknown
 * @param expiresAt null if it is unknown
 */
public record TokenInfo(
        boolean isLogin,
        @Nullable String issuer,
        @Nullable String name,
        @Nullable String email,
        @Nullable Instant expiresAt) {

    /** Reads the information from the login, or from the token itself. */
    public static TokenInfo of(TokenSource tokens) throws IOException {
        if (tokens instanceof LoginToken token) {
            Login login = token.login();
            return new TokenInfo(
                    true, login.issuer(), login.name(), login.email(), Instant.ofEpochSecond(login.expiresAt()));
        }
        try {
            JWTClaimsSet claims = JWTParser.parse(tokens.token()).getJWTClaimsSet();
            return new TokenInfo(
                    false,
                    claims.getIssuer(),
                    claims.getStringClaim("name"),
                    claims.getStringClaim("email"),
                    claims.getExpirationTime() == null
                            ? null
                            : claims.getExpirationTime().toInstant());
        } catch (ParseException notJwt) {
            return new TokenInfo(false, null, null, null, null);
        }
    }
}
