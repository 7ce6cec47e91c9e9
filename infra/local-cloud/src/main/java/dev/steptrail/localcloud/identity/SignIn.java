package dev.steptrail.localcloud.identity;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Signs users in without a password, by OpenID Connect's authorization code flow with PKCE for one public client, which
 * the viewer and the command line share. Stores codes and refresh tokens in memory, so they are valid until the process
 * ends. Thread-safe.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc6749#section-4.1">RFC 6749</a>, <a
 *     href="https://datatracker.ietf.org/doc/html/rfc7636">RFC 7636</a>, <a
 *     href="https://datatracker.ietf.org/doc/html/rfc7009">RFC 7009</a>
 */
public final class SignIn {
    /** The only name that {@code login_hint} signs in without a click, because any website can link to this page. */
    private static final String HINTED_USER = "demo";

    private static final Duration CODE_LIFETIME = Duration.ofMinutes(1);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    private static final Duration REFRESH_LIFETIME = Duration.ofDays(30);

    /** Owner names that the API accepts. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\p{Cs}]{1,256}");

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Issuer issuer;
    private final Map<String, Object> adminClaims;
    private final InstantSource clock;
    private final Map<String, Grant> codes = new HashMap<>();
    private final Map<String, Grant> refreshTokens = new HashMap<>();

    /** A user who has signed in, and the redirect URI, challenge and nonce of the client's request. */
    private record Grant(
            String user,
            boolean admin,
            String redirectUri,
            String challenge,
            @Nullable String nonce,
            Instant expires) {}

    /** @param adminClaims the claims that make a user an admin */
    public SignIn(Issuer issuer, Map<String, Object> adminClaims, InstantSource clock) {
        this.issuer = issuer;
        this.adminClaims = Map.copyOf(adminClaims);
        this.clock = clock;
    }

    public Issuer issuer() {
        return issuer;
    }

    /**
     * Handles {@code GET /authorize}. If the query contains a valid {@code user}, or the login hint {@code demo},
     * returns a redirect to the client; otherwise the page on which the user chooses a name. Returns an error page for
     * another client id or redirect URI.
     *
     * @param acceptLanguage value of the Accept-Language header; empty if there is none
     */
    public IssuerResponse authorize(Map<String, String> query, String acceptLanguage) {
        if (!issuer.audience().equals(query.get("client_id"))) {
            return SignInPage.invalidLink("client_id", issuer.audience());
        }
        String redirectUri = query.getOrDefault("redirect_uri", "");
        if (!issuer.redirectUris().contains(redirectUri)) {
            return SignInPage.invalidLink("redirect_uri", issuer.redirectUris().get(0));
        }
        String state = query.get("state");
        if (!"code".equals(query.get("response_type"))) {
            return redirectError(redirectUri, "unsupported_response_type", "response_type must be code", state);
        }
        String challenge = query.getOrDefault("code_challenge", "");
        if (!"S256".equals(query.get("code_challenge_method"))
                || !CHALLENGE.matcher(challenge).matches()) {
            return redirectError(
                    redirectUri,
                    "invalid_request",
                    "code_challenge with code_challenge_method S256 is required",
                    state);
        }
        String user = query.getOrDefault("user", HINTED_USER.equals(query.get("login_hint")) ? HINTED_USER : "");
        if (user.isBlank() || !NAME.matcher(user).matches()) {
            return SignInPage.form(query, redirectUri, query.getOrDefault("ui_locales", acceptLanguage));
        }
        boolean admin = query.containsKey("user") && "true".equals(query.get("admin"));
        Grant grant = new Grant(user.strip(), admin, redirectUri, challenge, query.get("nonce"), clock.instant());
        return redirect(redirectUri, Map.of("code", store(codes, grant, CODE_LIFETIME)), state);
    }

    /** Redirects the browser to the client. Adds the issuer's identifier (RFC 9207). */
    private IssuerResponse redirect(String redirectUri, Map<String, String> result, @Nullable String state) {
        Map<String, String> parameters = new TreeMap<>(result);
        parameters.put("iss", issuer.url());
        if (state != null) {
            parameters.put("state", state);
        }
        return IssuerResponse.redirect(redirectUri + "?" + SignInPage.query(parameters));
    }

    private IssuerResponse redirectError(String redirectUri, String error, String description, @Nullable String state) {
        return redirect(redirectUri, Map.of("error", error, "error_description", description), state);
    }

    /** Handles {@code POST /token}: exchanges a code or a refresh token for tokens. */
    public IssuerResponse token(Map<String, String> form) {
        if (!issuer.audience().equals(form.get("client_id"))) {
            return error("invalid_client", "Unknown client_id.");
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> exchangeCode(form);
            case "refresh_token" -> refresh(form.getOrDefault("refresh_token", ""));
            case "" -> error("invalid_request", "grant_type is missing.");
            default -> error("unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
        };
    }

    private synchronized IssuerResponse exchangeCode(Map<String, String> form) {
        Grant grant = codes.remove(form.getOrDefault("code", "")); // single use, even if the request is invalid
        String verifier = form.getOrDefault("code_verifier", "");
        if (grant == null
                || !isValid(grant)
                || !grant.redirectUri().equals(form.get("redirect_uri"))
                || !VERIFIER.matcher(verifier).matches()
                || !grant.challenge()
                        .equals(Base64URL.encode(DigestUtils.sha256(verifier)).toString())) {
            return error(
                    "invalid_grant",
                    "The code is unknown, used or expired, or redirect_uri or code_verifier differs from its request.");
        }
        Map<String, Object> tokens = tokens(grant);
        tokens.put("refresh_token", store(refreshTokens, grant, REFRESH_LIFETIME));
        return IssuerResponse.noStoreJson(200, JSONObjectUtils.toJSONString(tokens));
    }

    private synchronized IssuerResponse refresh(String token) {
        Grant grant = refreshTokens.get(token);
        return grant == null || !isValid(grant)
                ? error(
                        "invalid_grant",
                        "The refresh token is unknown or expired. A restart invalidates refresh tokens.")
                : IssuerResponse.noStoreJson(200, JSONObjectUtils.toJSONString(tokens(grant)));
    }

    /**
     * Handles {@code POST /revoke}: invalidates a refresh token. Unknown tokens are no error (RFC 7009, section 2.2).
     */
    public synchronized IssuerResponse revoke(Map<String, String> form) {
        if (!issuer.audience().equals(form.get("client_id"))) {
            return error("invalid_client", "Unknown client_id.");
        }
        if (!form.containsKey("token")) {
            return error("invalid_request", "token is missing.");
        }
        refreshTokens.remove(form.get("token"));
        return IssuerResponse.noStoreJson(200, "{}");
    }

    private Map<String, Object> tokens(Grant grant) {
        Map<String, Object> access = new HashMap<>(grant.admin() ? adminClaims : Map.of());
        access.put("client_id", issuer.audience());
        access.put("scope", "openid");
        Map<String, Object> identity = new HashMap<>(grant.admin() ? adminClaims : Map.of());
        if (grant.nonce() != null) {
            identity.put("nonce", grant.nonce());
        }
        return new HashMap<>(Map.of(
                "access_token", issuer.token(grant.user(), access, TOKEN_LIFETIME),
                "id_token", issuer.token(grant.user(), identity, TOKEN_LIFETIME),
                "token_type", "Bearer",
                "expires_in", TOKEN_LIFETIME.toSeconds(),
                "scope", "openid"));
    }

    /** Stores the grant with a new expiry time under a new random secret, and returns the secret. */
    private synchronized String store(Map<String, Grant> grants, Grant grant, Duration lifetime) {
        grants.values().removeIf(other -> !isValid(other));
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String secret = Base64URL.encode(random).toString();
        Instant expires = clock.instant().plus(lifetime);
        grants.put(
                secret,
                new Grant(grant.user(), grant.admin(), grant.redirectUri(), grant.challenge(), grant.nonce(), expires));
        return secret;
    }

    private boolean isValid(Grant grant) {
        return clock.instant().isBefore(grant.expires());
    }

    private static IssuerResponse error(String code, String description) {
        return IssuerResponse.noStoreJson(
                400, JSONObjectUtils.toJSONString(Map.of("error", code, "error_description", description)));
    }
}
