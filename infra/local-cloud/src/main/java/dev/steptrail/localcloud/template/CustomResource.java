package dev.steptrail.localcloud.template;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A resource that a function creates before the rest of the stack starts (AWS::CloudFormation::CustomResource, Custom::…).
 *
 * @param id its name in the template
 * @param functionArn ARN of the function that creates it
 * @param timeout how long the stack waits for the function
 * @param properties further properties, passed to the function
 */
public record CustomResource(
        String id, String type, String functionArn, Duration timeout, Map<String, String> properties) {
    private static final int USUAL_TIMEOUT_SECONDS = 3600;

    public CustomResource {
        properties = Map.copyOf(properties);
    }

    static boolean isOne(String type) {
        return type.startsWith("Custom::") || type.equals("AWS::CloudFormation::CustomResource");
    }

    static CustomResource read(String id, String type, YamlMapping properties) {
        String function = properties.text("ServiceToken");
        Duration timeout = Duration.ofSeconds(properties.number("ServiceTimeout", USUAL_TIMEOUT_SECONDS));
        Map<String, String> given = new LinkedHashMap<>(properties.textMap());
        return new CustomResource(id, type, function, timeout, given);
    }
}
