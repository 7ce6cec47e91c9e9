package dev.steptrail.api;

import dev.steptrail.aws.Settings;
import java.util.Map;
import java.util.Objects;

/**
 * Tells who asks by the claims of a token that API Gateway's
 * <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT authorizer</a> has
 * verified. It hands a claim on as text, and a list of "a b" and one of "a" and "b" as the same text {@code [a b]}: what a list holds
 * is read from the token itself.
 */
final class Callers {
    private final String adminClaim;
    private final String adminValue;

    Callers(Settings settings) {
        this.adminClaim = settings.optional("STEPTRAIL_ADMIN_CLAIM", "cognito:groups");
        this.adminValue = settings.optional("STEPTRAIL_ADMIN_VALUE", "steptrail-admin");
    }

    /** @throws Problem if no verified token came with the request, or one whose subject is no name, or that of a link */
    Caller of(GatewayRequest event) {
        Map<String, String> claims = event.claims();
        String subject = claims.getOrDefault("sub", "");
        if (subject.isBlank() || !Name.matches(subject) || subject.startsWith(Shares.READER)) {
            throw Problem.unauthenticated();
        }
        return new Caller(subject, isAdmin(event, claims.getOrDefault(adminClaim, "")));
    }

    private boolean isAdmin(GatewayRequest event, String claim) {
        if (!claim.startsWith("[")) {
            return claim.equals(adminValue);
        }
        return BearerToken.list(Objects.requireNonNullElse(event.header("authorization"), ""), adminClaim)
                .contains(adminValue);
    }
}
