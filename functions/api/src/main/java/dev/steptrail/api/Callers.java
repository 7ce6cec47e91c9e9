package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.store.Settings;
import java.util.Map;

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
    Caller of(APIGatewayV2HTTPEvent event) {
        Map<String, String> claims = claims(event);
        String subject = claims.getOrDefault("sub", "");
        if (subject.isBlank() || !Name.matches(subject) || subject.startsWith(Shares.READER)) {
            throw Problem.unauthenticated();
        }
        return new Caller(subject, isAdmin(event, claims.getOrDefault(adminClaim, "")));
    }

    private boolean isAdmin(APIGatewayV2HTTPEvent event, String claim) {
        if (!claim.startsWith("[")) {
            return claim.equals(adminValue);
        }
        Map<String, String> headers = event.getHeaders() == null ? Map.of() : event.getHeaders();
        return BearerToken.list(headers.getOrDefault("authorization", ""), adminClaim)
                .contains(adminValue);
    }

    private static Map<String, String> claims(APIGatewayV2HTTPEvent event) {
        var context = event.getRequestContext();
        if (context == null
                || context.getAuthorizer() == null
                || context.getAuthorizer().getJwt() == null
                || context.getAuthorizer().getJwt().getClaims() == null) {
            return Map.of();
        }
        return context.getAuthorizer().getJwt().getClaims();
    }
}
