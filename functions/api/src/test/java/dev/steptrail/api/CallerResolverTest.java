package dev.steptrail.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerResolverTest {
    private final CallerResolver callers = new CallerResolver(new Settings(Map.of()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steptrail-admin|'\"steptrail-admin\"'|true",
                "[steptrail-admin]|[\"steptrail-admin\"]|true",
                "[staff steptrail-admin]|[\"staff\",\"steptrail-admin\"]|true",
                "[a b steptrail-admin]|[\"a b\",{\"a\":[]},\"steptrail-admin\"]|true",
                "[not steptrail-admin]|[\"not steptrail-admin\"]|false",
                "[[steptrail-admin]]|[[\"steptrail-admin\"]]|false",
                "[steptrail-admin]|'\"[steptrail-admin]\"'|false",
                "map[a:steptrail-admin]|'{\"a\":\"steptrail-admin\"}'|false",
                "[x,steptrail-admin]|[\"x,steptrail-admin\"]|false",
                "[steptrail-admins others]|[\"steptrail-admins\",\"others\"]|false",
                "[steptrail-admin]|null|false",
            })
    void admin_isACallerWhoseTokenContainsTheExactGroup(String rendered, String inToken, boolean admin) {
        String token = "{\"other\":[\"steptrail-admin\"],\"cognito:groups\":" + inToken + "}";

        assertThat(callers.resolve(event("Bearer " + jwt(token), "ann", rendered))
                        .admin())
                .isEqualTo(admin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer x", "Bearer a.b.c", "Bearer e30.!!.e30", "Bearer e30.e30.e30", "Bearer e30.W10.e30"})
    void unreadableToken_isNotAdmin(String authorization) {
        assertThat(callers.resolve(event(authorization, "ann", "[steptrail-admin]"))
                        .admin())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0000b", "share:1", "a\uD800", "a\uFFFD"})
    void invalidSubject_orOneOfAShareLink_isUnauthenticated(String subject) {
        assertThatThrownBy(() -> callers.resolve(event("", subject, "")))
                .hasMessage("An access token with a valid sub claim is required.");
    }

    private static String jwt(String payload) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8)) + ".c2ln";
    }

    private static GatewayRequest event(String authorization, String subject, String groups) {
        return new GatewayRequest(
                "",
                "",
                "",
                "",
                Map.of(),
                Map.of("authorization", authorization),
                "",
                false,
                Map.of("sub", subject, "cognito:groups", groups));
    }
}
