package dev.steptrail.api;

import java.time.Instant;

/** A URL that opens without a token until it expires. */
record SignedUrl(String url, Instant expiresAt) {}
