package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.steptrail.store.Settings;
import java.util.Arrays;
import java.util.Map;

/**
 * Tells who asks by the claims of a token that API Gateway's
 * <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT authorizer</a> has
 * verified. A claim that is a list comes from there as the text {@code [a b]}.
 */
final class Callers {
    private final String adminClaim;
    private final String adminValue;

    Callers(Settings settings) {
        this.adminClaim = settings.optional("STEPTRAIL_ADMIN_CLAIM", "cognito:groups");
        this.adminValue = settings.optional("STEPTRAIL_ADMIN_VALUE", "steptrail-admin");
    }

    /** @throws Problem if no verified token came with the request */
    Caller of(APIGatewayV2HTTPEvent event) {
        Map<String, String> claims = claims(event);
        String subject = claims.getOrDefault("sub", "");
        if (subject.isBlank()) {
            throw Problem.unauthenticated();
        }
        return new Caller(subject, isAdmin(claims.getOrDefault(adminClaim, "")));
    }

    /** The gateway writes a list as {@code [one two]}; a comma is part of a name. */
    private boolean isAdmin(String claim) {
        if (claim.startsWith("[") && claim.endsWith("]")) {
            return Arrays.asList(claim.substring(1, claim.length() - 1).split(" "))
                    .contains(adminValue);
        }
        return claim.equals(adminValue);
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
