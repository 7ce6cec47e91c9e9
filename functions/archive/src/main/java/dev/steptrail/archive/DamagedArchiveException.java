package dev.steptrail.archive;

import java.io.IOException;

/** Thrown if an archive is damaged. The message names the failed check and contains no content of the task. */
public final class DamagedArchiveException extends IOException {
    DamagedArchiveException(String message) {
        super(message);
    }
}
