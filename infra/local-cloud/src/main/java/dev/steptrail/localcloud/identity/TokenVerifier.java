package dev.steptrail.localcloud.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.steptrail.localcloud.template.Route.JwtAuthorizer;
import java.text.ParseException;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens as the JWT authorizer of an HTTP API does: RS256, issuer, audience or client id, times. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT
 *     authorizers of HTTP APIs</a>
 */
public final class TokenVerifier {
    private final JwtAuthorizer authorizer;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** Accepts tokens that the issuer signed and the authorizer allows. */
    public TokenVerifier(JwtAuthorizer authorizer, Issuer issuer) {
        this.authorizer = authorizer;
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(issuer.key()))));
        processor.setJWTClaimsSetVerifier((claims, context) -> check(claims, Instant.now()));
    }

    /** Returns the token's claims without null values, or empty if the token is invalid. */
    public Optional<Map<String, Object>> verify(String token) {
        try {
            SignedJWT jwt = parse(token);
            processor.process(jwt, null);
            Map<String, Object> claims = new LinkedHashMap<>(jwt.getPayload().toJSONObject());
            claims.values().removeIf(Objects::isNull);
            return Optional.of(claims);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Optional.empty(); // the caller must not learn which check failed
        }
    }

    private static SignedJWT parse(String token) throws ParseException {
        try {
            return SignedJWT.parse(token);
        } catch (RuntimeException e) { // thrown by the parser for unexpected JSON, such as null as the header
            throw new ParseException("no token: " + e, 0);
        }
    }

    private void check(JWTClaimsSet claims, Instant now) throws BadJWTException {
        require(authorizer.issuer().equals(claims.getIssuer()), "issuer");
        boolean named = claims.getAudience().isEmpty()
                ? authorizer.audience().contains(String.valueOf(claims.getClaim("client_id")))
                : !Collections.disjoint(claims.getAudience(), authorizer.audience());
        require(named, "audience");
        Date expires = claims.getExpirationTime();
        require(expires != null && expires.toInstant().isAfter(now), "exp");
        require(notAfter(claims.getNotBeforeTime(), now), "nbf");
        require(notAfter(claims.getIssueTime(), now), "iat");
    }

    private static boolean notAfter(@Nullable Date time, Instant now) {
        return time == null || !time.toInstant().isAfter(now);
    }

    private static void require(boolean holds, String claim) throws BadJWTException {
        if (!holds) {
            throw new BadJWTException(claim);
        }
    }
}
