package dev.steptrail.archive;

import java.io.IOException;

/** Thrown if an archive differs from what was stored. The message names the failed check, without content. */
public final class DamagedArchiveException extends IOException {
    DamagedArchiveException(String message) {
        super(message);
    }
}
