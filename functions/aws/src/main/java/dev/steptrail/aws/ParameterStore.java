package dev.steptrail.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * Reads secrets from Systems Manager's Parameter Store (<a
 * href="https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html">SecureString
 * parameters</a>) and caches each for five minutes. Nothing is read before the first call, so a snapshot contains no
 * secret unless {@link #get} was called before it. Thread-safe.
 */
public final class ParameterStore {
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    /** How long the last value is returned after it could not be read again. */
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    /** Includes retries. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final SsmClient client;
    private final InstantSource clock;
    private final Map<String, Entry> cache = new ConcurrentHashMap<>();

    /** A cached value. Not a record, whose toString would contain the secret. */
    private static final class Entry {
        private final String value;
        private final Instant readAgainAt;

        Entry(String value, Instant readAgainAt) {
            this.value = value;
            this.readAgainAt = readAgainAt;
        }
    }

    /**
     * Creates a client without connecting.
     *
     * @param settings those of {@link AwsClients}
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    public ParameterStore(Settings settings) {
        this(settings, InstantSource.system());
    }

    ParameterStore(Settings settings, InstantSource clock) {
        this.client = new AwsClients(settings).ssm();
        this.clock = clock;
    }

    /**
     * Returns the decrypted value of a parameter, which was read within the last five minutes. If it cannot be read
     * now, returns the value that was read before, logs a warning, and does not read it again within a minute.
     *
     * @throws ParameterException if it does not exist, or was never read and cannot be read within 4 seconds
     */
    public String get(String name) {
        Instant now = clock.instant();
        Entry cached = cache.get(name);
        if (cached != null && now.isBefore(cached.readAgainAt)) {
            return cached.value;
        }
        Optional<String> found;
        try {
            found = find(name);
        } catch (ParameterException e) {
            if (cached == null) {
                throw e;
            }
            Log.outsideInvocations().warn("parameter_not_refreshed", Map.of("reason", String.valueOf(e.getMessage())));
            cache.replace(name, cached, new Entry(cached.value, clock.instant().plus(RETRY_AFTER)));
            return cached.value;
        }
        String value = found.orElseThrow(() -> new ParameterException(
                name, "does not exist; create it with: aws ssm put-parameter --type SecureString"));
        cache.put(name, new Entry(value, now.plus(MAX_AGE)));
        return value;
    }

    /**
     * Reads a parameter without the cache; empty if it does not exist.
     *
     * @throws ParameterException if it cannot be read within 4 seconds
     */
    public Optional<String> find(String name) {
        try {
            return Optional.of(client.getParameter(request -> request.name(name)
                            .withDecryption(true)
                            .overrideConfiguration(limits -> limits.apiCallTimeout(TIMEOUT)))
                    .parameter()
                    .value());
        } catch (ParameterNotFoundException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw ParameterException.of("read", name, e);
        }
    }

    /** Drops the cached value, so that the next {@link #get} reads the parameter again. */
    public void invalidate(String name) {
        cache.remove(name);
    }

    /**
     * Creates or replaces a SecureString, which is encrypted with the account's key {@code aws/ssm}.
     *
     * @throws ParameterException if it cannot be written
     */
    public void put(String name, String value) {
        try {
            client.putParameter(request -> request.name(name)
                    .value(value)
                    .type(ParameterType.SECURE_STRING)
                    .overwrite(true)
                    .overrideConfiguration(limits -> limits.apiCallTimeout(TIMEOUT)));
        } catch (SdkException e) {
            throw ParameterException.of("written", name, e);
        }
        invalidate(name);
    }

    /**
     * Deletes parameters. Those that do not exist are ignored.
     *
     * @param names at most 10
     * @throws ParameterException if they cannot be deleted
     */
    public void delete(Collection<String> names) {
        try {
            client.deleteParameters(
                    request -> request.names(names).overrideConfiguration(limits -> limits.apiCallTimeout(TIMEOUT)));
        } catch (SdkException e) {
            throw ParameterException.of("deleted", String.join(", ", names), e);
        }
        names.forEach(this::invalidate);
    }
}
