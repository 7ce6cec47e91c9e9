package dev.steptrail.shipper;

import dev.steptrail.shipper.internal.screenshot.WebpSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The shipper's settings, from environment variables. {@code STEPTRAIL_QUEUE_URL} and {@code STEPTRAIL_BUCKET} are
 * required. {@code STEPTRAIL_SENDER} is the {@code aws:userid} of the credentials; default: from STS.
 * {@code STEPTRAIL_WEBP_QUALITY}, {@code STEPTRAIL_WEBP_METHOD} and {@code STEPTRAIL_WEBP_PROCESSES} configure the
 * encoder, see {@link WebpSettings}. Region, credentials and endpoints are set by the AWS SDK's variables. Immutable.
 */
public final class ShipperSettings {
    private static final Pattern BUCKET = Pattern.compile("[\\w.-]+");

    /** An {@code aws:userid}: a unique id, followed by a colon and the session name for an assumed role. */
    private static final Pattern USER_ID = Pattern.compile("\\w[\\w+=,.@-]{0,127}(:[\\w+=,.@-]{1,128})?");

    private static final List<String> URL_SETTINGS = List.of(
            "STEPTRAIL_QUEUE_URL",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ENDPOINT_URL_SQS",
            "AWS_ENDPOINT_URL_STS");

    private static final int MAX_PORT = 65_535;
    private static final int MAX_QUOTED_LENGTH = 200;

    private final Map<String, String> environment;
    private final String queueUrl;
    private final String bucket;
    private final WebpSettings webp;

    private ShipperSettings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        queueUrl = required("STEPTRAIL_QUEUE_URL", "the URL of the steps queue");
        bucket = required("STEPTRAIL_BUCKET", "the name of the screenshot bucket");
        if (!BUCKET.matcher(bucket).matches()) {
            throw new SettingsException("STEPTRAIL_BUCKET is not a bucket name" + quote(bucket)
                    + " (expected letters, digits, dots, hyphens and underscores; neither an ARN nor a URL)");
        }
        webp = readWebpSettings();
        URL_SETTINGS.forEach(this::uri);
        requireValidSender();
        requireBothOrNeither("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        requireBothOrNeither("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
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

    WebpSettings webp() {
        return webp;
    }

    /** Returns the configured {@code aws:userid}; empty if it must come from STS. */
    public Optional<String> sender() {
        return get("STEPTRAIL_SENDER");
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * Returns the URL in the setting {@code name}, if it is set. URLs with a user name or password are rejected,
     * because error messages quote the URL.
     */
    Optional<URI> uri(String name) {
        return get(name).map(value -> {
            URI uri;
            try {
                uri = new URI(value);
            } catch (URISyntaxException e) {
                uri = URI.create("");
            }
            if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
                throw new SettingsException(
                        name + " contains a user name or password: remove it, because requests are signed"
                                + " with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
            if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
                throw new SettingsException(
                        name + " is not a valid URL" + quote(value) + " (expected a port from 1 to " + MAX_PORT + ")");
            }
            if (uri.getScheme() == null || uri.getHost() == null) {
                throw new SettingsException(
                        name + " is not a valid URL" + quote(value) + " (expected https://host/path)");
            }
            return uri;
        });
    }

    /** Quotes a value for an error message, or returns an empty string if it may contain a password before an @. */
    private static String quote(String value) {
        return value.contains("@") || value.contains("%40")
                ? ""
                : ": '" + PrintableText.toOneLine(value, MAX_QUOTED_LENGTH) + "'";
    }

    private WebpSettings readWebpSettings() {
        try {
            return new WebpSettings(
                    readInteger("STEPTRAIL_WEBP_QUALITY", WebpSettings.DEFAULT.quality()),
                    readInteger("STEPTRAIL_WEBP_METHOD", WebpSettings.DEFAULT.method()),
                    readInteger("STEPTRAIL_WEBP_PROCESSES", WebpSettings.DEFAULT.processes()));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    private int readInteger(String name, int defaultValue) {
        String value = get(name).orElse(String.valueOf(defaultValue));
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new SettingsException(name + " is not a whole number" + quote(value));
        }
    }

    /** Returns whether {@code id} has the form of an {@code aws:userid}. */
    static boolean isUserId(String id) {
        return USER_ID.matcher(id).matches();
    }

    private void requireValidSender() {
        if (sender().isPresent() && !isUserId(sender().get())) {
            throw new SettingsException("STEPTRAIL_SENDER is not an aws:userid" + quote(sender().get())
                    + " (expected the UserId that aws sts get-caller-identity prints, such as AIDAEXAMPLE or"
                    + " AROAEXAMPLE:session)");
        }
    }

    private void requireBothOrNeither(String name, String other) {
        if (get(name).isPresent() && get(other).isEmpty()) {
            throw new SettingsException(other + " is not set, but " + name + " is: set both or neither");
        }
    }

    private String required(String name, String what) {
        return get(name)
                .orElseThrow(() -> new SettingsException(name + " is not set: set it to " + what
                        + " (local cloud: set -a; . .steptrail/local.env; set +a)"));
    }
}
