package dev.steptrail.cli.phone.suite;

import java.io.IOException;

/** A suite file is not valid. The message names the file, the line and the field. */
public final class SuiteFileException extends IOException {
    SuiteFileException(String message) {
        super(message);
    }
}
