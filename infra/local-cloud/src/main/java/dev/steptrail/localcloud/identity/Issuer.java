package dev.steptrail.localcloud.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The OpenID Connect issuer of the local cloud. Signs tokens with one RSA key. Immutable.
 *
 * @param url the issuer identifier, and the base URL of the endpoints
 * @param audience the audience of the tokens, and the client id of the only client, which the viewer and the command
 *     line share
 */
public record Issuer(String url, String audience, RSAKey key) {
    /** The redirect URIs of {@code steptrail login}, as in {@code sam-template.yaml}. */
    private static final List<String> COMMAND_LINE = List.of(
            "http://localhost:8421/callback", "http://localhost:8422/callback", "http://localhost:8423/callback");

    public static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("RSA key generation failed", e);
        }
    }

    /**
     * Creates a signed token.
     *
     * @param subject the user
     * @param claims additional claims
     */
    public String token(String subject, Map<String, Object> claims, Duration lifetime) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .issuer(url)
                .audience(audience)
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)));
        claims.forEach(set::claim);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), set.build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        return token.serialize();
    }

    /** Returns the public key as a JSON Web Key Set. */
    public String jwks() {
        return JSONObjectUtils.toJSONString(new JWKSet(key).toJSONObject());
    }

    /** Returns the redirect URIs of the client: the viewer's, then those of the command line. */
    List<String> redirectUris() {
        return Stream.concat(Stream.of(url + "/signed-in"), COMMAND_LINE.stream())
                .toList();
    }

    /** Returns the OpenID Connect discovery document. */
    public String configuration() {
        return JSONObjectUtils.toJSONString(Map.ofEntries(
                Map.entry("issuer", url),
                Map.entry("authorization_endpoint", url + "/authorize"),
                Map.entry("token_endpoint", url + "/token"),
                Map.entry("revocation_endpoint", url + "/revoke"),
                Map.entry("jwks_uri", url + "/.well-known/jwks.json"),
                Map.entry("scopes_supported", List.of("openid")),
                Map.entry("response_types_supported", List.of("code")),
                Map.entry("response_modes_supported", List.of("query")),
                Map.entry("grant_types_supported", List.of("authorization_code", "refresh_token")),
                Map.entry("code_challenge_methods_supported", List.of("S256")),
                Map.entry("token_endpoint_auth_methods_supported", List.of("none")),
                Map.entry("authorization_response_iss_parameter_supported", true),
                Map.entry("ui_locales_supported", List.of("en", "zh")),
                Map.entry("id_token_signing_alg_values_supported", List.of("RS256")),
                Map.entry("subject_types_supported", List.of("public"))));
    }
}
