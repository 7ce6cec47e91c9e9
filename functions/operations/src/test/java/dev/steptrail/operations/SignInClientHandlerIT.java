package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExplicitAuthFlowsType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.OAuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PreventUserExistenceErrorTypes;
import software.amazon.awssdk.services.cognitoidentityprovider.model.TimeUnitsType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolClientType;

/** Sets the URLs of a client in an emulated Cognito. */
@Tag("slow")
class SignInClientHandlerIT {
    private static final List<String> CALLBACKS =
            List.of("https://api.example.com/signed-in", "http://localhost:8421/callback");
    private static final List<String> LOGOUTS = List.of("https://api.example.com/");

    private static MotoServer moto;
    private static Map<String, String> settings;
    private static CognitoIdentityProviderClient cognito;
    private static String pool;

    private final TestContext context = new TestContext();
    private CloudFormationResponses stack;
    private UserPoolClientType client;

    @BeforeAll
    static void startCognito() throws Exception {
        moto = MotoServer.start();
        settings = Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", moto.url());
        cognito = new AwsClients(new Settings(settings)).cognito();
        pool = cognito.createUserPool(request -> request.poolName("steptrail"))
                .userPool()
                .id();
    }

    @AfterAll
    static void stopCognito() {
        if (moto != null) {
            cognito.close();
            moto.close();
        }
    }

    @BeforeEach
    void createClient() throws Exception {
        stack = new CloudFormationResponses();
        client = cognito.createUserPoolClient(request -> request.userPoolId(pool)
                        .clientName("viewer")
                        .generateSecret(false)
                        .allowedOAuthFlowsUserPoolClient(true)
                        .allowedOAuthFlows(OAuthFlowType.CODE)
                        .allowedOAuthScopes("openid", "email")
                        .supportedIdentityProviders("COGNITO")
                        .callbackURLs("http://localhost:8421/callback")
                        .explicitAuthFlows(ExplicitAuthFlowsType.ALLOW_REFRESH_TOKEN_AUTH)
                        .preventUserExistenceErrors(PreventUserExistenceErrorTypes.ENABLED)
                        .enableTokenRevocation(true)
                        .accessTokenValidity(1)
                        .refreshTokenValidity(30)
                        .tokenValidityUnits(
                                units -> units.accessToken(TimeUnitsType.HOURS).refreshToken(TimeUnitsType.DAYS))
                        .readAttributes("email", "name"))
                .userPoolClient();
    }

    @AfterEach
    void stopStack() {
        stack.close();
    }

    @Test
    void create_setsTheUrls_andKeepsAllOtherSettings_asUpdateDoesAfterTheStackResetTheClient() {
        handle("Create", properties());

        UserPoolClientType updated = describe();
        assertThat(updated.callbackURLs()).isEqualTo(CALLBACKS);
        assertThat(updated.logoutURLs()).isEqualTo(LOGOUTS);
        UserPoolClientType expected = client.toBuilder()
                .callbackURLs(CALLBACKS)
                .logoutURLs(LOGOUTS)
                .lastModifiedDate(updated.lastModifiedDate())
                .build();
        assertThat(updated).isEqualTo(expected);
        assertThat(stack.received()).singleElement().satisfies(response -> {
            assertThat(response.get("Status").asText()).isEqualTo("SUCCESS");
            assertThat(response.get("PhysicalResourceId").asText()).isEqualTo("sign-in-client");
            assertThat(response.get("LogicalResourceId").asText()).isEqualTo("SignInClientUrls");
        });

        cognito.updateUserPoolClient(SignInClientHandler.copy(describe())
                .callbackURLs("http://localhost:8421/callback")
                .refreshTokenValidity(7)
                .build());
        handle("Update", properties());

        assertThat(describe().callbackURLs()).isEqualTo(CALLBACKS);
        assertThat(describe().refreshTokenValidity()).isEqualTo(7);
    }

    @Test
    void delete_changesNothing_andNeedsNeitherClientNorSettings() {
        new SignInClientHandler(Map.of()).handleRequest(stack.event("Delete", Map.of()), context);

        assertThat(describe()).isEqualTo(client);
        assertThat(stack.received()).singleElement().satisfies(response -> assertThat(
                        response.get("Status").asText())
                .isEqualTo("SUCCESS"));
    }

    @Test
    void missingClientOrProperty_isReportedToTheStack() {
        Map<String, Object> properties = new HashMap<>(properties());
        properties.put("ClientId", "none");
        assertFails(properties, "Setting the URLs of the sign-in client failed: ");
        properties.remove("CallbackUrls");
        assertFails(properties, "Setting the URLs of the sign-in client failed: CallbackUrls: must be a list of URLs");
        assertThat(describe()).isEqualTo(client);
    }

    private void assertFails(Map<String, Object> properties, String reason) {
        assertThatThrownBy(() -> handle("Create", properties))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(reason)
                .hasNoCause();
        JsonNode response = stack.received().get(stack.received().size() - 1);
        assertThat(response.get("Status").asText()).isEqualTo("FAILED");
        assertThat(response.get("Reason").asText()).startsWith(reason);
        assertThat(context.logged()).contains("sign_in_client_failed");
    }

    private void handle(String type, Map<String, Object> properties) {
        new SignInClientHandler(settings).handleRequest(stack.event(type, properties), context);
    }

    private Map<String, Object> properties() {
        return Map.of(
                "UserPoolId", pool,
                "ClientId", client.clientId(),
                "CallbackUrls", CALLBACKS,
                "LogoutUrls", LOGOUTS,
                "Settings", "1");
    }

    private UserPoolClientType describe() {
        return cognito.describeUserPoolClient(
                        request -> request.userPoolId(pool).clientId(client.clientId()))
                .userPoolClient();
    }
}
