package dev.steptrail.localcloud.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where a client changes its code, and later its refresh token, for tokens. */
final class TokenEndpoint {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Issuer issuer;
    private final Map<String, Object> ofAdmins;
    private final Grants grants;

    TokenEndpoint(Issuer issuer, Map<String, Object> ofAdmins, Grants grants) {
        this.issuer = issuer;
        this.ofAdmins = Map.copyOf(ofAdmins);
        this.grants = grants;
    }

    Answer answer(Map<String, String> form) {
        if (!issuer.audience().equals(form.get("client_id"))) {
            return error("invalid_client", "There is no such client.");
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> byCode(form);
            case "refresh_token" -> byRefreshToken(form.getOrDefault("refresh_token", ""));
            case "" -> error("invalid_request", "grant_type is missing.");
            default -> error("unsupported_grant_type", "It is authorization_code or refresh_token.");
        };
    }

    private Answer byCode(Map<String, String> form) {
        Optional<Grants.Grant> grant = grants.redeem(form.getOrDefault("code", ""))
                .filter(given -> given.request().redirectUri().equals(form.get("redirect_uri")))
                .filter(given -> given.request().provenBy(form.getOrDefault("code_verifier", "")));
        if (grant.isEmpty()) {
            return error("invalid_grant", "The code is used up, expired, or another request's.");
        }
        Map<String, Object> tokens = tokens(grant.get());
        tokens.put("refresh_token", grants.refreshToken(grant.get()));
        return Answer.json(200, JSONObjectUtils.toJSONString(tokens));
    }

    private Answer byRefreshToken(String token) {
        return grants.refreshed(token)
                .map(grant -> Answer.json(200, JSONObjectUtils.toJSONString(tokens(grant))))
                .orElseGet(() -> error("invalid_grant", "The refresh token is expired, or from before a restart."));
    }

    private Map<String, Object> tokens(Grants.Grant grant) {
        User user = grant.user();
        Map<String, Object> access = new HashMap<>(user.admin() ? ofAdmins : Map.of());
        access.put("client_id", issuer.audience());
        access.put("scope", "openid");
        Map<String, Object> identity = new HashMap<>(user.admin() ? ofAdmins : Map.of());
        if (grant.request().nonce() != null) {
            identity.put("nonce", grant.request().nonce());
        }
        Map<String, Object> tokens = new HashMap<>();
        tokens.put("access_token", issuer.token(user.name(), access, LIFETIME));
        tokens.put("id_token", issuer.token(user.name(), identity, LIFETIME));
        tokens.put("token_type", "Bearer");
        tokens.put("expires_in", LIFETIME.toSeconds());
        tokens.put("scope", "openid");
        return tokens;
    }

    private static Answer error(String code, String description) {
        return Answer.json(400, JSONObjectUtils.toJSONString(Map.of("error", code, "error_description", description)));
    }
}
