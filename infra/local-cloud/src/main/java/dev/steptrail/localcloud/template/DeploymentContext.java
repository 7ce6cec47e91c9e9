package dev.steptrail.localcloud.template;

import java.util.Map;

/**
 * Where a template is brought up.
 *
 * @param queueUrl URL under which each queue is found by its name, no slash at the end
 * @param apiUrl URL of the HTTP API, no slash at the end
 * @param parameters values for the template's parameters; those it lacks take their defaults
 */
public record DeploymentContext(
        String stack, String region, String account, String queueUrl, String apiUrl, Map<String, String> parameters) {
    public DeploymentContext {
        parameters = Map.copyOf(parameters);
    }

    String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
    }
}
