package dev.steptrail.stepformat;

import org.jspecify.annotations.Nullable;

/**
 * The body of a queue message and its encoding.
 *
 * @param text the body
 * @param contentEncoding the value of the message attribute {@code content-encoding}: {@value #GZIP} if {@code text} is
 *     gzip in base64, null if it is JSON
 */
public record MessageBody(String text, @Nullable String contentEncoding) {
    /** The only supported content encoding. */
    public static final String GZIP = "gzip";

    /** The name of the message attribute for {@link #contentEncoding}. */
    public static final String CONTENT_ENCODING = "content-encoding";
}
