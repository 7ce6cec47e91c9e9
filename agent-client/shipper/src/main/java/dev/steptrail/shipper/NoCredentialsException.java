package dev.steptrail.shipper;

import software.amazon.awssdk.core.exception.SdkClientException;

/** No credentials were found to sign a request with, or they could not be refreshed. */
final class NoCredentialsException extends SdkClientException {
    private static final long serialVersionUID = 1;

    NoCredentialsException(RuntimeException cause) {
        super(SdkClientException.builder().message(cause.getMessage()).cause(cause));
    }
}
