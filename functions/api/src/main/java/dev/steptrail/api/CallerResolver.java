package dev.steptrail.api;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.UntrustedJson;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/**
 * Identifies the caller by the claims of a token that API Gateway's <a
 * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT authorizer</a>
 * has verified. The authorizer passes claims as text, in which the lists {@code ["a b"]} and {@code ["a","b"]} are both
 * {@code [a b]}. This class therefore reads the elements of a list from the token itself.
 */
final class CallerResolver {
    private static final JsonMapper STRICT = new JsonMapper(UntrustedJson.factoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final String adminClaim;
    private final String adminValue;

    CallerResolver(Settings settings) {
        this.adminClaim = settings.optional("STEPTRAIL_ADMIN_CLAIM", "cognito:groups");
        this.adminValue = settings.optional("STEPTRAIL_ADMIN_VALUE", "steptrail-admin");
    }

    /** @throws Problem if the token is missing, or its subject is invalid or starts with the prefix of share links */
    Caller resolve(GatewayRequest event) {
        Map<String, String> claims = event.claims();
        String subject = claims.getOrDefault("sub", "");
        if (subject.isBlank()
                || !NameValidator.isValid(subject)
                || subject.startsWith(ShareLinkAuthenticator.READER_PREFIX)) {
            throw new Problem(Kind.UNAUTHENTICATED);
        }
        return new Caller(subject, isAdmin(event, claims.getOrDefault(adminClaim, "")));
    }

    private boolean isAdmin(GatewayRequest event, String claim) {
        if (!claim.startsWith("[")) {
            return claim.equals(adminValue);
        }
        return isAdminInList(Objects.requireNonNullElse(event.header("authorization"), ""));
    }

    /** Searches the list of the claim in the token, whose signature API Gateway has verified. */
    private boolean isAdminInList(String authorization) {
        String[] parts = authorization.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            JsonNode claim =
                    STRICT.readTree(Base64.getUrlDecoder().decode(parts[1])).path(adminClaim);
            for (JsonNode element : claim) {
                if (claim.isArray() && adminValue.equals(element.textValue())) {
                    return true;
                }
            }
        } catch (IOException | IllegalArgumentException malformed) {
            return false;
        }
        return false;
    }
}
