package dev.steptrail.cli.login;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.oauth2.sdk.id.State;
import dev.steptrail.cli.ScriptedApi.Response;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery documents of an issuer, secure and insecure. */
class IssuerTest extends SignInTestBase {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example.com",
                "http://127.0.0.1.example.com/pool",
                "ftp://localhost",
                "issuer.example.com",
                "not a url",
                ""
            })
    void insecureIssuer_isRefused_beforeAnyRequest(String url) {
        assertThatThrownBy(() -> new SignIn("https://api.example.com", url, "client", REDIRECT, new State()))
                .hasMessage("the deployment's issuer must begin with https://, but is '" + url
                        + "'; http is allowed only for localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"})
    void insecureEndpoint_isRefused(String name) throws IOException {
        String valid = "\"" + name + "\":\"" + issuer.address();
        issuer.on("GET /.well-known/openid-configuration", Response.json(200, """
                        {"issuer":"ISSUER", "authorization_endpoint":"ISSUER/authorize",
                         "token_endpoint":"ISSUER/token", "jwks_uri":"ISSUER/keys", "revocation_endpoint":"ISSUER/revoke",
                         "response_types_supported":["code"], "subject_types_supported":["public"],
                         "id_token_signing_alg_values_supported":["RS256"]}""".replace("ISSUER", issuer.address())
                .replace(valid, "\"" + name + "\":\"http://evil.example.com")));

        assertThatThrownBy(this::signIn)
                .hasMessageStartingWith("the " + name + " of the issuer " + issuer.address()
                        + " must begin with https://, but is 'http://evil.example.com/");
    }

    @Test
    void issuerWithoutDiscoveryDocument_orOfAnotherIssuer_isReported() {
        issuer.on("GET /.well-known/openid-configuration", Response.json(404, "{}"));
        assertThatThrownBy(this::signIn)
                .hasMessageStartingWith(
                        "failed to read the OpenID Connect discovery document of the issuer " + issuer.address() + " (")
                .hasMessageEndingWith("; check the network, and the deployment's parameter JwtIssuer");
        issuer.on("GET /.well-known/openid-configuration", Response.json(200, """
                        {"issuer":"https://evil.example.com", "jwks_uri":"https://evil.example.com/keys",
                         "authorization_endpoint":"https://evil.example.com/a", "token_endpoint":"https://evil.example.com/t",
                         "subject_types_supported":["public"], "response_types_supported":["code"],
                         "id_token_signing_alg_values_supported":["RS256"]}"""));
        assertThatThrownBy(this::signIn)
                .hasMessageStartingWith("failed to read the OpenID Connect discovery document of the issuer ")
                .hasMessageContaining("https://evil.example.com");
    }

    @Test
    void unreachableIssuer_isReported() {
        issuer.close();

        assertThatThrownBy(this::signIn)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("failed to read the OpenID Connect discovery document of the issuer "
                        + issuer.address() + " (");
    }
}
