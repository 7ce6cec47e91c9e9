package dev.steptrail.localcloud.template;

import java.util.Map;

/**
 * The names, addresses and parameters with which a template is deployed locally.
 *
 * @param stack name of the stack, which is part of the names of its resources
 * @param region AWS region in ARNs and events
 * @param account AWS account id in ARNs and queue URLs
 * @param queueUrl base URL of the queues, without a trailing slash
 * @param apiUrl URL of the HTTP API, without a trailing slash
 * @param parameters values of template parameters; the others have their defaults
 */
public record DeploymentContext(
        String stack, String region, String account, String queueUrl, String apiUrl, Map<String, String> parameters) {
    String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
    }
}
