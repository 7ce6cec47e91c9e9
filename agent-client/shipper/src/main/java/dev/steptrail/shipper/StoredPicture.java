package dev.steptrail.shipper;

import org.jspecify.annotations.Nullable;

/**
 * What the bucket holds of a picture.
 *
 * @param key under which
 * @param hash SHA-256 of what is stored, lower-case hex
 * @param size of what is stored, in bytes
 * @param thumbnailKey that of a small version; null if there is none
 */
record StoredPicture(
        String key,
        String hash,
        long size,
        @Nullable String perceptualHash,
        @Nullable String thumbnailKey) {}
