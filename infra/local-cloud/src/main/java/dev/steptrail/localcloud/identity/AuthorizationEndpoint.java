package dev.steptrail.localcloud.identity;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser is sent to sign in. Who comes with the {@code login_hint} {@code demo}, as by the demo's link, is demo at once;
 * anybody else is asked, another hint filled in, for a link may say any name. The page's choice comes as {@code user}.
 *
 * <p>A request that does not come from the client is told so here, and nothing is sent to where it wants.
 */
final class AuthorizationEndpoint {
    private static final Optional<User> AT_ONCE = User.named("demo", false);

    private final Issuer issuer;
    private final Grants grants;

    AuthorizationEndpoint(Issuer issuer, Grants grants) {
        this.issuer = issuer;
        this.grants = grants;
    }

    Answer answer(Map<String, String> query, String acceptLanguage) {
        if (!issuer.audience().equals(query.get("client_id"))) {
            return SignInPage.refusing("client_id", issuer.audience());
        }
        if (!issuer.redirectUri().equals(query.get("redirect_uri"))) {
            return SignInPage.refusing("redirect_uri", issuer.redirectUri());
        }
        String state = query.get("state");
        String error = error(query);
        if (error != null) {
            return back(Map.of("error", error.substring(0, error.indexOf(':')), "error_description", error), state);
        }
        Optional<User> user = User.named(query.get("user"), "true".equals(query.get("admin")))
                .or(() -> AT_ONCE.filter(demo -> demo.name().equals(query.get("login_hint"))));
        if (user.isEmpty()) {
            return SignInPage.asking(query, query.getOrDefault("ui_locales", acceptLanguage));
        }
        AuthorizationRequest request = new AuthorizationRequest(
                issuer.audience(), issuer.redirectUri(), query.getOrDefault("code_challenge", ""), query.get("nonce"));
        return back(Map.of("code", grants.code(user.get(), request)), state);
    }

    /** The error's code, a colon, and what is wrong. */
    private static @Nullable String error(Map<String, String> query) {
        if (!"code".equals(query.get("response_type"))) {
            return "unsupported_response_type: response_type must be code";
        }
        if (!"S256".equals(query.get("code_challenge_method"))
                || !AuthorizationRequest.isChallenge(query.get("code_challenge"))) {
            return "invalid_request: a code_challenge by the code_challenge_method S256 is needed";
        }
        return null;
    }

    /** To the client, with its state, and who says so (RFC 9207). */
    private Answer back(Map<String, String> parameters, @Nullable String state) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        if (state != null) {
            all.put("state", state);
        }
        all.put("iss", issuer.url());
        StringBuilder location = new StringBuilder(issuer.redirectUri());
        char separator = '?';
        for (Map.Entry<String, String> parameter : all.entrySet()) {
            location.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return Answer.redirect(location.toString());
    }
}
