package dev.steptrail.phone.adb;

import java.time.Duration;

/**
 * How long requests may take. Each time covers the whole request, from the connection to the last byte.
 *
 * @param input for a tap, swipe, key, text or launch; the duration of the gesture is added
 * @param query for other short commands
 * @param screenshot for a screenshot
 * @param uiTree for a UI tree, with all attempts: the phone itself waits up to 10 s for a screen without animations. A
 *     screen without a window fails after an eighth of it.
 * @param reconnect how long a disconnected phone is waited for
 */
public record AdbTimeouts(Duration input, Duration query, Duration screenshot, Duration uiTree, Duration reconnect) {
    /** 10 s for inputs and queries, 20 s for screenshots, 40 s for UI trees; 60 s for a reconnection. */
    public static final AdbTimeouts DEFAULT = new AdbTimeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(60));

    public AdbTimeouts withReconnect(Duration reconnect) {
        return new AdbTimeouts(input, query, screenshot, uiTree, reconnect);
    }

    /** Returns a copy with the same timeout for each request. */
    public AdbTimeouts withRequests(Duration timeout) {
        return new AdbTimeouts(timeout, timeout, timeout, timeout, reconnect);
    }
}
