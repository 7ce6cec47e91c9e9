package dev.steptrail.cli.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCScopeValue;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One sign-in by OpenID Connect's authorization code flow with PKCE. The user's browser opens {@link #url()}; the
 * issuer then redirects it to the redirect URI, and {@link #finish} takes that URL.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc8252">RFC 8252</a> (native apps), <a
 *     href="https://datatracker.ietf.org/doc/html/rfc7636">RFC 7636</a> (PKCE), <a
 *     href="https://datatracker.ietf.org/doc/html/rfc9207">RFC 9207</a> (issuer in the response)
 */
public final class SignIn {
    private final String api;
    private final String clientId;
    private final OIDCProviderMetadata issuer;
    private final URI redirectUri;
    private final State state;
    private final Nonce nonce = new Nonce();
    private final CodeVerifier verifier = new CodeVerifier();

    /**
     * Reads the configuration of the issuer.
     *
     * @param api the URL of the API that the tokens are for
     * @param redirectUri a redirect URI that is registered at the issuer's client
     * @param state a random state, which the issuer's response must contain
     * @throws IOException if the issuer cannot be reached or is not secure
     */
    public SignIn(String api, String issuer, String clientId, URI redirectUri, State state) throws IOException {
        this.state = state;
        this.api = api;
        this.clientId = clientId;
        this.issuer = IssuerClient.discover(issuer);
        this.redirectUri = redirectUri;
    }

    /** Returns the URL of the issuer's sign-in page. */
    public URI url() {
        return new AuthenticationRequest.Builder(ResponseType.CODE, scope(), new ClientID(clientId), redirectUri)
                .endpointURI(issuer.getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /** Requests a refresh token from issuers that return one only with the scope {@code offline_access}. */
    private Scope scope() {
        Scope supported = issuer.getScopes();
        return supported != null && supported.contains(OIDCScopeValue.OFFLINE_ACCESS)
                ? new Scope(OIDCScopeValue.OPENID, OIDCScopeValue.OFFLINE_ACCESS)
                : new Scope(OIDCScopeValue.OPENID);
    }

    /**
     * Verifies the issuer's response and exchanges its code for tokens.
     *
     * @param response the URL to which the issuer redirected the browser, or only the code in it. PKCE and the nonce
     *     protect a code without the state
     * @throws IOException if the issuer denied the sign-in, or the response is not for this sign-in; the message is one
     *     line and says what to do
     */
    public Login finish(String response) throws IOException {
        String text = response.strip();
        AuthorizationCode code = text.contains("://") ? code(text) : new AuthorizationCode(requireCode(text));
        TokenResponse tokens = IssuerClient.requestTokens(
                issuer.getTokenEndpointURI(),
                clientId,
                new AuthorizationCodeGrant(code, redirectUri, verifier),
                Set.of(OAuth2Error.INVALID_GRANT),
                "the issuer rejected the code, which is valid once and for a short time; run steptrail login again");
        OIDCTokens openId = tokens.toSuccessResponse().getTokens().toOIDCTokens();
        if (openId.getIDToken() == null) {
            throw new IOException("the issuer " + issuer.getIssuer() + " returned no ID token; check that its client "
                    + clientId + " allows the scope openid");
        }
        return login(openId);
    }

    private static String requireCode(String text) throws IOException {
        if (!text.matches("[\\x21-\\x7E]+")) {
            throw new IOException("no redirect URL was entered (expected http://localhost:…/callback?code=…&state=…);"
                    + " run steptrail login again");
        }
        return text;
    }

    private AuthorizationCode code(String url) throws IOException {
        AuthenticationResponse response;
        try {
            response = AuthenticationResponseParser.parse(URI.create(url));
        } catch (ParseException | IllegalArgumentException e) {
            throw new IOException("the redirect URL contains neither a code nor an error (expected " + redirectUri
                    + "?code=…&state=…); run steptrail login again");
        }
        if (!state.equals(response.getState())) {
            throw new IOException("the redirect URL belongs to another sign-in: its state differs; run steptrail login"
                    + " again, and use only the newest browser tab");
        }
        boolean isIssuerMissing = response.getIssuer() == null;
        if (isIssuerMissing
                ? issuer.supportsAuthorizationResponseIssuerParam()
                : !response.getIssuer().equals(issuer.getIssuer())) {
            throw new IOException("the redirect URL is "
                    + (isIssuerMissing ? "without an issuer" : "from the issuer '" + response.getIssuer() + "'")
                    + ", but must be from " + issuer.getIssuer() + "; sign-in was aborted");
        }
        if (response.indicatesSuccess()) {
            return response.toSuccessResponse().getAuthorizationCode();
        }
        ErrorObject error = response.toErrorResponse().getErrorObject();
        throw new IOException((OAuth2Error.ACCESS_DENIED.equals(error)
                        ? "sign-in was cancelled or denied by the issuer ("
                        : "the issuer " + issuer.getIssuer() + " returned an error (")
                + IssuerClient.describe(error, 302) + "); run steptrail login again");
    }

    private Login login(OIDCTokens tokens) throws IOException {
        try {
            IDTokenClaimsSet identity = validator().validate(tokens.getIDToken(), nonce);
            return new Login(
                            api,
                            issuer.getIssuer().getValue(),
                            clientId,
                            issuer.getTokenEndpointURI(),
                            issuer.getRevocationEndpointURI(),
                            identity.getSubject().getValue(),
                            identity.getStringClaim("email"),
                            identity.getStringClaim("name"),
                            "",
                            null,
                            0)
                    .withTokens(tokens);
        } catch (BadJOSEException | JOSEException e) {
            throw new IOException("the ID token of " + issuer.getIssuer() + " is invalid (" + e.getMessage()
                    + "); check the clock of this machine, and run steptrail login again");
        }
    }

    /** Verifies signature, issuer, audience, times and nonce. Accepts the issuer's asymmetric algorithms. */
    private IDTokenValidator validator() throws IOException {
        Set<JWSAlgorithm> algorithms = issuer.getIDTokenJWSAlgs().stream()
                .filter(algorithm ->
                        JWSAlgorithm.Family.RSA.contains(algorithm) || JWSAlgorithm.Family.EC.contains(algorithm))
                .collect(Collectors.toSet());
        if (algorithms.isEmpty()) {
            throw new IOException("the issuer " + issuer.getIssuer() + " signs ID tokens with "
                    + issuer.getIDTokenJWSAlgs() + " (expected RSA or EC signatures, such as RS256)");
        }
        URI url = issuer.getJWKSetURI();
        try {
            JWKSet keys = JWKSet.load(
                    url.toURL(), IssuerClient.CONNECT_TIMEOUT_MILLIS, IssuerClient.READ_TIMEOUT_MILLIS, 1024 * 1024);
            return new IDTokenValidator(
                    issuer.getIssuer(),
                    new ClientID(clientId),
                    new JWSVerificationKeySelector<>(algorithms, new ImmutableJWKSet<>(keys)),
                    null);
        } catch (IOException | java.text.ParseException e) {
            throw IssuerClient.unreachable(url.toString(), e);
        }
    }
}
