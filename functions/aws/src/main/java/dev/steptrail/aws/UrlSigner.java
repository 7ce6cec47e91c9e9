package dev.steptrail.aws;

import org.jspecify.annotations.Nullable;

/** Signs URLs with which anyone can read an object until the URL expires. Signing sends no request. Thread-safe. */
public interface UrlSigner {
    /**
     * Returns the signed URL of an object, whether or not it exists.
     *
     * @param contentType the content type of the response; null for the stored one
     */
    String sign(String objectKey, @Nullable String contentType);

    default String sign(String objectKey) {
        return sign(objectKey, null);
    }
}
