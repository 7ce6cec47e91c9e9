package dev.steptrail.localcloud.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bucket (AWS::S3::Bucket).
 *
 * @param cors the rules for pages of other origins; null if no other origin may read it
 */
public record Bucket(String name, @Nullable Cors cors) {

    /** Rules for pages of other origins, without credentials. An origin may have one {@code *} in it. */
    public record Cors(List<String> origins, List<String> methods, List<String> headers, List<String> exposedHeaders) {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
            exposedHeaders = List.copyOf(exposedHeaders);
        }
    }

    static Bucket read(String name, YamlMapping properties) {
        properties.cloudOnly(
                "PublicAccessBlockConfiguration",
                "OwnershipControls",
                "BucketEncryption",
                "LifecycleConfiguration",
                "Tags");
        YamlMapping cors = properties.mapping("CorsConfiguration");
        List<YamlMapping> rules = cors.mappings("CorsRules");
        cors.done();
        properties.done();
        if (rules.size() > 1) {
            throw new TemplateException(cors.where() + ": the local cloud knows one rule a bucket");
        }
        return new Bucket(name, rules.isEmpty() ? null : cors(rules.get(0)));
    }

    private static Cors cors(YamlMapping rule) {
        Cors cors = new Cors(
                rule.texts("AllowedOrigins"),
                rule.texts("AllowedMethods"),
                rule.texts("AllowedHeaders"),
                rule.texts("ExposedHeaders"));
        rule.cloudOnly("Id", "MaxAge");
        rule.done();
        return cors;
    }
}
