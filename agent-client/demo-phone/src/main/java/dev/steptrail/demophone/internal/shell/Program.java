package dev.steptrail.demophone.internal.shell;

import java.util.List;

/** A program of the phone. Called while no other program runs. */
@FunctionalInterface
public interface Program {
    /**
     * Runs the program.
     *
     * @param arguments without the program's name
     * @return the exit code
     */
    int run(List<String> arguments, ProgramOutput output);
}
