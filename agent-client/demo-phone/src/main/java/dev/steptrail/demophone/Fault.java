package dev.steptrail.demophone;

import java.time.Duration;

/** What goes wrong with a command. */
public sealed interface Fault {
    /** What {@code uiautomator dump} answers while the screen is animated. */
    Fault NOT_IDLE = new Answer("", "ERROR: could not get idle state.\n", 0);

    /** What {@code uiautomator dump} answers where no window has a tree. */
    Fault NULL_ROOT = new Answer("", "ERROR: null root node returned by UiTestAutomationBridge.\n", 0);

    /** The command is executed, and {@code text} comes before its output, such as a warning before a PNG. */
    record TextBefore(String text) implements Fault {}

    /** The command is not executed, and has this answer. */
    record Answer(String output, String error, int exitCode) implements Fault {}

    /** {@code screencap} returns an entirely black image. */
    record BlackScreen() implements Fault {}

    /** The command is executed after an additional delay. */
    record Slow(Duration delay) implements Fault {}

    /**
     * The phone never answers.
     *
     * @param executed whether it executes the command
     */
    record NoAnswer(boolean executed) implements Fault {}

    /**
     * The phone disconnects instead of answering.
     *
     * @param executed whether it executes the command before
     */
    record Disconnect(boolean executed) implements Fault {}

    /** The phone executes the command, and disconnects after {@code bytes} bytes of its output. */
    record DisconnectWithin(int bytes) implements Fault {}
}
