package dev.steptrail.localcloud.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a template, with all references resolved. Immutable.
 *
 * @param outputs the template's outputs that clients need, by name
 */
public record Template(
        List<Queue> queues,
        List<Bucket> buckets,
        List<Function> functions,
        List<CustomResource> customResources,
        List<Route> routes,
        Map<String, String> outputs) {
    /**
     * Returns the value of an output.
     *
     * @throws TemplateException if the template has no such output
     */
    public String output(String name) {
        String value = outputs.get(name);
        if (value == null) {
            throw new TemplateException("Outputs: " + name + " is missing; the local cloud requires it");
        }
        return value;
    }

    /** A queue (AWS::SQS::Queue). */
    public record Queue(
            String name,
            String arn,
            Duration visibilityTimeout,
            @Nullable Redrive redrive) {
        /** Suffix of the name of every FIFO queue, and of no other queue. */
        static final String FIFO_SUFFIX = ".fifo";

        public boolean isFifo() {
            return name.endsWith(FIFO_SUFFIX);
        }

        /** The dead-letter queue for messages that were received {@code maxReceiveCount} times and not deleted. */
        public record Redrive(String deadLetterArn, int maxReceiveCount) {}
    }

    /**
     * A bucket (AWS::S3::Bucket).
     *
     * @param cors the CORS rules; null if no other origin may access the bucket
     */
    public record Bucket(String name, @Nullable Cors cors) {

        /** CORS rules without credentials. An origin may contain one {@code *}. */
        public record Cors(
                List<String> origins, List<String> methods, List<String> headers, List<String> exposedHeaders) {}
    }

    /**
     * A function (AWS::Serverless::Function).
     *
     * @param id the logical id in the template
     * @param handler the handler's class
     * @param reservedConcurrency maximum number of concurrent invocations; null if the template reserves none
     */
    public record Function(
            String id,
            String name,
            String arn,
            String handler,
            Duration timeout,
            int memoryMegabytes,
            @Nullable Integer reservedConcurrency,
            Map<String, String> environment,
            List<QueueEvent> queueEvents,
            List<ScheduledEvent> scheduledEvents) {

        /**
         * A queue that invokes the function.
         *
         * @param batchSize maximum number of messages per invocation, 1 to 10,000
         * @param window maximum time to gather messages after the first one
         * @param reportsItemFailures whether the function's response contains the ids of failed messages
         */
        public record QueueEvent(String queueArn, int batchSize, Duration window, boolean reportsItemFailures) {}

        /**
         * A schedule that invokes the function.
         *
         * @param period the time between two invocations, and before the first one
         * @param input the event as JSON
         */
        public record ScheduledEvent(Duration period, String input) {}

        /** Returns the ARN of the alias of the published version. */
        public String aliasArn() {
            return arn + ":live";
        }

        @Override
        public String toString() {
            return id; // the environment contains secrets
        }
    }

    /**
     * A custom resource ({@code Custom::…}), which a function creates before the gateway, pollers and schedules start.
     *
     * @param id the logical id in the template
     * @param functionArn ARN of the alias of the function that creates it
     */
    public record CustomResource(String id, String functionArn) {}

    /**
     * A route of the HTTP API.
     *
     * @param method upper case, or {@code ANY}
     * @param path segments of text, {@code {name}} or, at the end, {@code {name+}}; or {@code $default}
     * @param functionId the function to invoke
     * @param authorizer the authorizer; null if the route is public
     */
    public record Route(
            String method,
            String path,
            String functionId,
            @Nullable JwtAuthorizer authorizer) {

        static final String DEFAULT = "$default";

        public boolean isDefault() {
            return path.equals(DEFAULT);
        }

        /** Returns the route key in events, such as {@code GET /health}. */
        public String key() {
            return isDefault() ? path : method + " " + path;
        }

        /** Accepts tokens of one issuer with an allowed audience. */
        public record JwtAuthorizer(String issuer, Set<String> audience) {}
    }
}
