package dev.steptrail.shipper.aws;

import java.util.Locale;

/** A service that is called. */
public enum AwsService {
    S3,
    SQS,
    STS;

    /** As it stands in signatures and host names. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The environment variable that names another address of it. */
    public String endpointVariable() {
        return "AWS_ENDPOINT_URL_" + name();
    }
}
