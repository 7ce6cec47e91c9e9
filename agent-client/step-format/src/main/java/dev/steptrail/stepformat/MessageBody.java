package dev.steptrail.stepformat;

import org.jspecify.annotations.Nullable;

/**
 * The body of a queue message and how it is encoded.
 *
 * @param text what goes into the body
 * @param contentEncoding the value of the message attribute {@code content-encoding}: {@value #GZIP} where {@code text} is
 *     gzip in base64, null where it is the JSON itself
 */
public record MessageBody(String text, @Nullable String contentEncoding) {
    /** The one encoding there is besides none. */
    public static final String GZIP = "gzip";

    /** The message attribute that carries {@link #contentEncoding}. */
    public static final String CONTENT_ENCODING = "content-encoding";
}
