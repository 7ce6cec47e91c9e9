package dev.steptrail.cli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.State;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The base of tests that sign in at an issuer with scripted responses. */
public abstract class SignInTestBase {
    protected static final URI REDIRECT = URI.create("http://localhost:8421/callback");
    protected static final RSAKey KEY = newKey();

    protected ScriptedApi issuer;

    @BeforeEach
    void startIssuer() throws IOException {
        issuer = new ScriptedApi();
        issuer.on("GET /keys", Response.json(200, new JWKSet(KEY.toPublicJWK()).toString()));
        discovery("");
    }

    @AfterEach
    void stopIssuer() {
        issuer.close();
    }

    protected static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Serves a document with the members of Cognito's.
     *
     * @param more additional members, each followed by a comma
     */
    protected void discovery(String more) {
        issuer.on("GET /.well-known/openid-configuration", Response.json(200, """
                        {%s "issuer":"ISSUER", "authorization_endpoint":"ISSUER/authorize",
                         "token_endpoint":"ISSUER/token", "jwks_uri":"ISSUER/keys",
                         "userinfo_endpoint":"ISSUER/userInfo", "end_session_endpoint":"ISSUER/logout",
                         "response_types_supported":["code","token"], "subject_types_supported":["public"],
                         "token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],
                         "id_token_signing_alg_values_supported":["RS256"]}""".formatted(more)
                .replace("ISSUER", issuer.address())));
    }

    protected SignIn signIn() throws IOException {
        return new SignIn("https://api.example.com", issuer.address(), "client", REDIRECT, new State());
    }

    protected static Map<String, String> query(URI url) {
        return Arrays.stream(url.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    protected JWTClaimsSet.Builder identity(SignIn signIn) {
        return identity(signIn.url());
    }

    protected JWTClaimsSet.Builder identity(URI url) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.address())
                .audience("client")
                .subject("ann")
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("nonce", query(url).get("nonce"));
    }

    protected static String signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key").build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    protected void answerWith(String idToken) {
        issuer.on(
                "POST /token",
                Response.json(
                        200,
                        "{\"access_token\":\"access\",\"token_type\":\"Bearer\",\"expires_in\":900,"
                                + "\"refresh_token\":\"refresh\",\"id_token\":\"" + idToken + "\"}"));
    }
}
