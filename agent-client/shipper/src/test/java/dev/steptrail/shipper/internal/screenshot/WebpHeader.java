package dev.steptrail.shipper.internal.screenshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The size of a lossy WebP, from its headers (WebP container specification; RFC 6386, section 9.1). */
public record WebpHeader(int width, int height) {
    public static WebpHeader of(byte[] webp) {
        ByteBuffer bytes = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        if (!text(webp, 0).equals("RIFF")
                || !text(webp, 8).equals("WEBP")
                || !text(webp, 12).equals("VP8 ")) {
            throw new IllegalArgumentException("no lossy WebP: " + text(webp, 0) + text(webp, 8) + text(webp, 12));
        }
        if (bytes.getInt(4) != webp.length - 8) {
            throw new IllegalArgumentException("a WebP of another length than it says");
        }
        return new WebpHeader(bytes.getShort(26) & 0x3FFF, bytes.getShort(28) & 0x3FFF);
    }

    private static String text(byte[] bytes, int at) {
        return new String(bytes, at, 4, US_ASCII);
    }
}
