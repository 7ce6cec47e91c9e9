package dev.steptrail.phone.adb;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives what a service of the phone writes. */
interface AdbOutput {
    /**
     * Consumes all bytes of {@code data}.
     *
     * @return whether the output is complete, so that nothing more has to be read
     * @throws IOException if the output is invalid or too large
     */
    boolean accept(ByteBuffer data) throws IOException;
}
