package dev.steptrail.shipper;

import dev.steptrail.shipper.screenshot.WebpSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The shipper's settings, from environment variables: {@code STEPTRAIL_QUEUE_URL}, {@code STEPTRAIL_BUCKET}, {@code
 * STEPTRAIL_SENDER} (this machine's {@code aws:userid}; if absent, STS is asked) and the usual ones of AWS: {@code
 * AWS_REGION}, {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_SESSION_TOKEN}, {@code
 * AWS_ENDPOINT_URL_S3}, {@code AWS_ENDPOINT_URL_SQS}; and how, from {@code STEPTRAIL_WEBP_QUALITY}, {@code
 * STEPTRAIL_WEBP_METHOD} and {@code STEPTRAIL_WEBP_PROCESSES}.
 */
public final class ShipperSettings {
    private static final Pattern BUCKET = Pattern.compile("[\\w.-]+");

    /** A unique id, followed by a colon and the name of the session where a role was assumed. */
    private static final Pattern USER_ID = Pattern.compile("\\w[\\w+=,.@-]{0,127}(:[\\w+=,.@-]{1,128})?");

    private static final List<String> ADDRESSES = List.of(
            "STEPTRAIL_QUEUE_URL",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ENDPOINT_URL_SQS",
            "AWS_ENDPOINT_URL_STS");

    private static final int HIGHEST_PORT = 65_535;

    private final Map<String, String> environment;
    private final String queueUrl;
    private final String bucket;
    private final WebpSettings webp;

    private ShipperSettings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        queueUrl = required("STEPTRAIL_QUEUE_URL", "the URL of the steps queue");
        bucket = required("STEPTRAIL_BUCKET", "the name of the screenshot bucket");
        if (!BUCKET.matcher(bucket).matches()) {
            throw new SettingsException(
                    "STEPTRAIL_BUCKET is not a bucket name: it must have letters, digits, dots, hyphens and"
                            + " underscores, and be neither an ARN nor a URL");
        }
        webp = webp(this::get);
        ADDRESSES.forEach(this::uri);
        requireSender();
        requireBoth("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        requireBoth("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
    }

    /**
     * Reads the settings.
     *
     * @throws SettingsException if one is missing or malformed
     */
    public static ShipperSettings from(Map<String, String> environment) {
        return new ShipperSettings(environment);
    }

    String queueUrl() {
        return queueUrl;
    }

    String bucket() {
        return bucket;
    }

    /** The settings of the encoder. */
    WebpSettings webp() {
        return webp;
    }

    /** This machine's {@code aws:userid} as it is set; empty if STS must be asked. */
    public Optional<String> sender() {
        return get("STEPTRAIL_SENDER");
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** The address in {@code name}, if it is set; it has no password in it. */
    Optional<URI> uri(String name) {
        return get(name).map(value -> {
            try {
                URI uri = new URI(value);
                if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
                    throw withUser(name);
                }
                if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
                    throw new SettingsException(name + " is not a valid URL: its port must be 1 to " + HIGHEST_PORT);
                }
                if (uri.getScheme() != null && uri.getHost() != null) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                throw notAnAddress(name);
            }
            throw notAnAddress(name);
        });
    }

    private static WebpSettings webp(Function<String, Optional<String>> setting) {
        try {
            return WebpSettings.of(
                    setting.apply("STEPTRAIL_WEBP_QUALITY"),
                    setting.apply("STEPTRAIL_WEBP_METHOD"),
                    setting.apply("STEPTRAIL_WEBP_PROCESSES"));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    /** Whether this can be an {@code aws:userid}. */
    static boolean isUserId(String id) {
        return USER_ID.matcher(id).matches();
    }

    private void requireSender() {
        if (sender().isPresent() && !isUserId(sender().get())) {
            throw new SettingsException("STEPTRAIL_SENDER is not an aws:userid: it must look like AIDAEXAMPLE or"
                    + " AROAEXAMPLE:session, as aws sts get-caller-identity prints it (UserId)");
        }
    }

    private void requireBoth(String set, String other) {
        if (get(set).isPresent() && get(other).isEmpty()) {
            throw new SettingsException(other + " is not set, but " + set + " is: set both or neither");
        }
    }

    private static SettingsException notAnAddress(String name) {
        return new SettingsException(name + " is not a valid URL (expected https://host/path)");
    }

    /** The URL is part of error messages, which must not contain a password. */
    private static SettingsException withUser(String name) {
        return new SettingsException(name + " holds a user name or password (before an @): remove it, because requests"
                + " are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead");
    }

    private String required(String name, String what) {
        return get(name)
                .orElseThrow(() -> new SettingsException(
                        name + " is not set: it must be " + what + " (with the local cloud: set -a; . DIR/local.env)"));
    }
}
