package dev.steptrail.cli.login;

import com.nimbusds.oauth2.sdk.AbstractRequest;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.steptrail.cli.api.Api;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to an OpenID Connect issuer, as a public client. Follows no redirects, because they could send a token
 * to another host. Exception messages are one line and never contain a token.
 */
final class IssuerClient {
    static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    static final int READ_TIMEOUT_MILLIS = 30_000;

    /** Errors after which a login can no longer be refreshed. A stack that adopts a user pool has another client. */
    private static final Set<ErrorObject> NOT_REFRESHABLE =
            Set.of(OAuth2Error.INVALID_GRANT, OAuth2Error.INVALID_CLIENT, OAuth2Error.UNAUTHORIZED_CLIENT);

    private IssuerClient() {}

    /** Reads the issuer's discovery document, and checks that it belongs to the issuer and that all URLs are safe. */
    static OIDCProviderMetadata discover(String issuer) throws IOException {
        requireSafe("deployment's issuer", issuer);
        OIDCProviderMetadata metadata;
        try {
            metadata = OIDCProviderMetadata.resolve(new Issuer(issuer), IssuerClient::configure);
        } catch (GeneralException | IOException e) {
            throw new IOException(
                    "failed to read the OpenID Connect discovery document of the issuer " + issuer + " ("
                            + e.getMessage() + "); check the network, and the deployment's parameter JwtIssuer",
                    e);
        }
        requireSafe("authorization_endpoint of the issuer " + issuer, metadata.getAuthorizationEndpointURI());
        requireSafe("token_endpoint of the issuer " + issuer, metadata.getTokenEndpointURI());
        requireSafe("jwks_uri of the issuer " + issuer, metadata.getJWKSetURI());
        if (metadata.getRevocationEndpointURI() != null) {
            requireSafe("revocation_endpoint of the issuer " + issuer, metadata.getRevocationEndpointURI());
        }
        return metadata;
    }

    /** @throws IOException if a URL uses neither https nor a loopback address */
    private static void requireSafe(String name, @Nullable Object url) throws IOException {
        try {
            if (Api.isSafeForSecrets(URI.create(String.valueOf(url)))) {
                return;
            }
        } catch (IllegalArgumentException notUrl) {
            // reported below
        }
        throw new IOException(
                "the " + name + " must begin with https://, but is '" + url + "'; http is allowed only for localhost");
    }

    /**
     * Exchanges a grant for tokens.
     *
     * @param rejections the errors of a grant that is invalid, expired or revoked
     * @param whenRejected what the user should do then
     */
    static TokenResponse requestTokens(
            URI endpoint, String clientId, AuthorizationGrant grant, Set<ErrorObject> rejections, String whenRejected)
            throws IOException {
        HTTPResponse response = send(new TokenRequest.Builder(endpoint, new ClientID(clientId), grant).build());
        TokenResponse tokens;
        try {
            tokens = OIDCTokenResponseParser.parse(response);
        } catch (ParseException e) {
            // Without the cause, whose message may contain a part of the response.
            throw new IOException(
                    "the issuer's token endpoint " + endpoint + " returned an invalid response with status "
                            + response.getStatusCode() + " (expected an access token of the type Bearer); try again");
        }
        if (tokens.indicatesSuccess()) {
            return tokens;
        }
        ErrorObject error = tokens.toErrorResponse().getErrorObject();
        throw new IOException(
                rejections.contains(error)
                        ? whenRejected
                        : "the issuer's token endpoint " + endpoint + " returned an error: "
                                + describe(error, response.getStatusCode()));
    }

    /** Refreshes the access token. */
    static Login refresh(Login login) throws IOException {
        RefreshToken token = new RefreshToken(Objects.requireNonNull(login.refreshToken()));
        TokenResponse response = requestTokens(
                login.tokenEndpoint(),
                login.clientId(),
                new RefreshTokenGrant(token),
                NOT_REFRESHABLE,
                "the login for " + login.api() + " has expired or was revoked; run steptrail login");
        return login.withTokens(response.toSuccessResponse().getTokens());
    }

    /** Revokes the refresh token (RFC 7009), if there is one and the issuer supports it. */
    static void revoke(Login login) throws IOException {
        if (login.refreshToken() == null || login.revocationEndpoint() == null) {
            return;
        }
        String problem;
        try {
            HTTPResponse response = send(new TokenRevocationRequest(
                    login.revocationEndpoint(),
                    new ClientID(login.clientId()),
                    new RefreshToken(login.refreshToken())));
            if (response.indicatesSuccess()) {
                return;
            }
            problem = describe(ErrorObject.parse(response), response.getStatusCode());
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        throw new IOException("deleted the login for " + login.api()
                + ", but the issuer did not revoke its refresh token (" + problem + ")");
    }

    private static HTTPResponse send(AbstractRequest request) throws IOException {
        HTTPRequest http = request.toHTTPRequest();
        configure(http);
        try {
            return http.send();
        } catch (IOException e) {
            throw unreachable(String.valueOf(request.getEndpointURI()), e);
        }
    }

    private static void configure(HTTPRequest request) {
        request.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        request.setReadTimeout(READ_TIMEOUT_MILLIS);
        request.setFollowRedirects(false);
    }

    static IOException unreachable(String url, Exception cause) {
        return new IOException(
                "the issuer cannot be reached at " + url + " (" + cause + "); check the network and try again", cause);
    }

    /** Returns the error's code and description; the HTTP status if there is no code. */
    static String describe(ErrorObject error, int status) {
        return error.getCode() == null
                ? "status " + status
                : Stream.of(error.getCode(), error.getDescription())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(": "));
    }
}
