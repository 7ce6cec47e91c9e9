package dev.steptrail.localcloud.identity;

import java.time.InstantSource;
import java.util.Map;

/**
 * Signs in who sits at this machine, by a click: OpenID Connect's authorization code flow with PKCE, for one public client, the viewer.
 * Codes and refresh tokens are good until it stops. Thread-safe.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc6749#section-4.1">RFC 6749</a>, <a
 *     href="https://datatracker.ietf.org/doc/html/rfc7636">RFC 7636</a>
 */
public final class SignIn {
    private final Issuer issuer;
    private final AuthorizationEndpoint authorization;
    private final TokenEndpoint tokens;

    /** @param ofAdmins the claims that make a user an admin */
    public SignIn(Issuer issuer, Map<String, Object> ofAdmins, InstantSource clock) {
        Grants grants = new Grants(clock);
        this.issuer = issuer;
        this.authorization = new AuthorizationEndpoint(issuer, grants);
        this.tokens = new TokenEndpoint(issuer, ofAdmins, grants);
    }

    public Issuer issuer() {
        return issuer;
    }

    /**
     * {@code GET /authorize}.
     *
     * @param acceptLanguage the header of the browser; empty if there is none
     */
    public Answer authorize(Map<String, String> query, String acceptLanguage) {
        return authorization.answer(query, acceptLanguage);
    }

    /** {@code POST /token}. */
    public Answer token(Map<String, String> form) {
        return tokens.answer(form);
    }
}
