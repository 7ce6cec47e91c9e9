package dev.steptrail.phone.adb;

/**
 * What a command on the phone returned.
 *
 * @param exitCode 0 to 255
 */
record ShellResult(int exitCode, String stdout, String stderr) {
    boolean succeeded() {
        return exitCode == 0;
    }

    /** Returns both outputs, for messages. */
    String output() {
        return (stdout + stderr).strip();
    }
}
