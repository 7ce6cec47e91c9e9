package dev.steptrail.archive;

import java.io.IOException;

/** An archive is not what was stored. The message names the check that it did not pass, and quotes nothing of the task. */
public final class DamagedArchiveException extends IOException {
    DamagedArchiveException(String message) {
        super(message);
    }
}
