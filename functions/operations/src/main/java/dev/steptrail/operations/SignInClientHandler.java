package dev.steptrail.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UpdateUserPoolClientRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolClientType;

/**
 * Sets the callback and logout URLs of the stack's Cognito client after the API exists. The template cannot set them,
 * because they contain the API's URL, and the API's authorizer depends on the client. The stack invokes the handler as
 * a custom resource with the properties {@code UserPoolId}, {@code ClientId}, {@code CallbackUrls} and
 * {@code LogoutUrls}. Other properties make the resource run again when they change. Idempotent.
 */
public final class SignInClientHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** Constant, so that an update does not delete and recreate the resource. */
    private static final String PHYSICAL_RESOURCE_ID = "sign-in-client";

    private final Settings settings;

    /** Creates a handler with settings from the environment. Lambda calls this constructor. */
    public SignInClientHandler() {
        this(System.getenv());
    }

    /** @param settings the settings of {@link AwsClients} */
    public SignInClientHandler(Map<String, String> settings) {
        this.settings = new Settings(settings);
    }

    /**
     * Updates the client. If a stack deletes the resource, the client stays unchanged.
     *
     * @param input an event from CloudFormation
     * @return {@code callback_urls}, the client's callback URLs; empty if a stack deletes the resource
     * @throws IllegalStateException if a property is missing or the update fails; the failure is reported to the stack
     * @throws java.io.UncheckedIOException if the response cannot be sent to CloudFormation
     */
    @Override
    public Map<String, Object> handleRequest(Map<String, Object> input, Context context) {
        CustomResourceEvent event = CustomResourceEvent.parse(input)
                .orElseThrow(() -> new IllegalStateException("the event is not from CloudFormation"));
        if (event.isDeletion()) {
            event.sendSuccess(PHYSICAL_RESOURCE_ID, Map.of());
            return Map.of();
        }
        List<String> callbackUrls;
        try {
            callbackUrls = update(input);
        } catch (RuntimeException e) {
            String reason = "Setting the URLs of the sign-in client failed: " + e.getMessage();
            Log.of(context).error("sign_in_client_failed", Map.of("reason", reason));
            event.sendFailure(PHYSICAL_RESOURCE_ID, reason);
            throw new IllegalStateException(reason);
        }
        event.sendSuccess(PHYSICAL_RESOURCE_ID, Map.of());
        return Map.of("callback_urls", callbackUrls);
    }

    private List<String> update(Map<String, Object> event) {
        Map<?, ?> properties = event.get("ResourceProperties") instanceof Map<?, ?> map ? map : Map.of();
        String pool = string(properties, "UserPoolId");
        String id = string(properties, "ClientId");
        List<String> callbackUrls = strings(properties, "CallbackUrls");
        List<String> logoutUrls = strings(properties, "LogoutUrls");
        try (CognitoIdentityProviderClient cognito = new AwsClients(settings).cognito()) {
            UserPoolClientType client = cognito.describeUserPoolClient(
                            request -> request.userPoolId(pool).clientId(id))
                    .userPoolClient();
            return cognito.updateUserPoolClient(copy(client)
                            .callbackURLs(callbackUrls)
                            .logoutURLs(logoutUrls)
                            .build())
                    .userPoolClient()
                    .callbackURLs();
        }
    }

    /**
     * Returns a request that contains each setting of the client, because an update resets the settings that it does
     * not contain.
     */
    static UpdateUserPoolClientRequest.Builder copy(UserPoolClientType client) {
        Map<String, SdkField<?>> settings = new HashMap<>();
        client.sdkFields().forEach(field -> settings.put(field.memberName(), field));
        UpdateUserPoolClientRequest.Builder request = UpdateUserPoolClientRequest.builder();
        for (SdkField<?> field : request.sdkFields()) {
            SdkField<?> setting = settings.get(field.memberName());
            Object value = setting == null ? null : setting.getValueOrDefault(client);
            if (value != null) {
                field.set(request, value);
            }
        }
        return request;
    }

    private static String string(Map<?, ?> properties, String name) {
        if (properties.get(name) instanceof String value && !value.isEmpty()) {
            return value;
        }
        throw new IllegalArgumentException(name + ": is missing in the properties of the resource");
    }

    private static List<String> strings(Map<?, ?> properties, String name) {
        if (properties.get(name) instanceof List<?> values && !values.isEmpty()) {
            return values.stream().map(String::valueOf).toList();
        }
        throw new IllegalArgumentException(name + ": must be a list of URLs in the properties of the resource");
    }
}
