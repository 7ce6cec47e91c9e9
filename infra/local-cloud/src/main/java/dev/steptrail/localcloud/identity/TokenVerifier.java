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
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.steptrail.localcloud.template.Template.Route.JwtAuthorizer;
import java.text.ParseException;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signature (RS256), issuer, audience and times of tokens, as the JWT authorizer of an HTTP API does.
 * Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT
 *     authorizers of HTTP APIs</a>
 */
public final class TokenVerifier {
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** Creates a verifier of tokens that the issuer signed and the authorizer accepts. */
    public TokenVerifier(JwtAuthorizer authorizer, Issuer issuer) {
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(issuer.key()))));
        processor.setJWTClaimsSetVerifier(new ClaimsVerifier(authorizer));
    }

    /** Returns the token's claims without null values, or empty if the token is invalid. */
    public Optional<Map<String, Object>> verify(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            processor.process(jwt, null);
            Map<String, Object> claims = new LinkedHashMap<>(jwt.getPayload().toJSONObject());
            claims.values().removeIf(Objects::isNull);
            return Optional.of(claims);
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            // The parser throws RuntimeExceptions for unexpected JSON. The caller must not learn which check failed.
            return Optional.empty();
        }
    }

    /**
     * Checks audience and time of issue in addition to issuer and expiry. If a token has no audience, its
     * {@code client_id} is checked instead. The time of issue must not be in the future.
     */
    private static final class ClaimsVerifier extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Set<String> audience;

        ClaimsVerifier(JwtAuthorizer authorizer) {
            super(new JWTClaimsSet.Builder().issuer(authorizer.issuer()).build(), Set.of("exp"));
            setMaxClockSkew(0);
            audience = authorizer.audience();
        }

        @Override
        public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadJWTException {
            super.verify(claims, context);
            boolean audienceMatches = claims.getAudience().isEmpty()
                    ? audience.contains(String.valueOf(claims.getClaim("client_id")))
                    : !Collections.disjoint(claims.getAudience(), audience);
            Date issued = claims.getIssueTime();
            if (!audienceMatches
                    || (issued != null
                            && issued.toInstant().isAfter(currentTime().toInstant()))) {
                throw new BadJWTException("invalid aud, client_id or iat");
            }
        }
    }
}
