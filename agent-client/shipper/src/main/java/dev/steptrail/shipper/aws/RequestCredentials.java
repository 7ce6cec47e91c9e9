package dev.steptrail.shipper.aws;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What requests are signed with. Once a provider has no credentials, or a service refuses those that it gave, the next request
 * asks a new one: the SDK's own keep what they found when they were made, and so never see that somebody has signed in since.
 * Thread-safe.
 */
public final class RequestCredentials implements AutoCloseable {
    private final Supplier<AwsCredentialsProvider> providers;
    private @Nullable AwsCredentialsProvider current;

    /** Credentials of what {@code providers} makes, which is closed here. */
    public RequestCredentials(Supplier<AwsCredentialsProvider> providers) {
        this.providers = providers;
    }

    /** @throws NoCredentialsException if there are none, or they cannot be renewed */
    AwsCredentials get() throws NoCredentialsException {
        try {
            return provider().resolveCredentials(); // may take a while, and holds up no other thread
        } catch (RuntimeException e) { // SdkException, and what a malformed profile leads to
            forget();
            throw new NoCredentialsException(e);
        }
    }

    private synchronized AwsCredentialsProvider provider() {
        if (current == null) {
            current = providers.get();
        }
        return current;
    }

    /** They are of no use: the next request asks a new provider. */
    synchronized void forget() {
        if (current instanceof SdkAutoCloseable held) {
            held.close();
        }
        current = null;
    }

    /** Gives back what the provider holds. */
    @Override
    public void close() {
        forget();
    }
}
