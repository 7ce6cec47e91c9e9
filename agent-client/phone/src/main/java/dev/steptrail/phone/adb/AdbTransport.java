package dev.steptrail.phone.adb;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;

/** A way to run services on one phone. Not thread-safe: services run one after another. */
interface AdbTransport extends Closeable {
    /** Returns the features that the phone reports, such as {@code shell_v2}. */
    Set<String> features(Deadline deadline) throws IOException, InterruptedException;

    /**
     * Runs a service, such as {@code exec:screencap -p}, until it ends or {@code output} is complete. A connection that
     * ends early looks like the end of the service; {@code output} has to recognize it.
     *
     * @throws NotSentException if the phone has not received the request
     * @throws IOException if the connection fails later or the deadline passes; the phone may have executed the request
     */
    void run(String service, AdbOutput output, Deadline deadline) throws IOException, InterruptedException;

    /**
     * Does what may bring a disconnected phone back. Failures are not reported: the next request shows them.
     *
     * @param cause why a request was not sent
     */
    void reconnect(NotSentException cause, Deadline deadline) throws InterruptedException;

    @Override
    void close();
}
