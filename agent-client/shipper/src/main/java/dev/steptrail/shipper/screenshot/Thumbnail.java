package dev.steptrail.shipper.screenshot;

import java.util.Optional;

/**
 * A small version of a picture.
 *
 * @param perceptualHash 16 lower-case hexadecimal digits that are equal or a few bits apart for pictures that look
 *     alike; empty where it could not be made
 */
@SuppressWarnings("ArrayRecordComponent") // stored, never compared
public record Thumbnail(byte[] webp, Optional<String> perceptualHash) {}
