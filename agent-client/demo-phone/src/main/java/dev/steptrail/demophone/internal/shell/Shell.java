package dev.steptrail.demophone.internal.shell;

import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import java.util.List;
import java.util.Map;

/** Executes command lines with programs, as {@code sh -c} does. */
public final class Shell {
    private static final int SYNTAX_ERROR = 1;
    private static final int NOT_FOUND = 127;

    private final Map<String, Program> programs;

    public Shell(Map<String, Program> programs) {
        this.programs = Map.copyOf(programs);
    }

    /** What a command line has written, and the exit code of its last command. */
    public record Result(List<Chunk> chunks, int exitCode) {}

    public Result execute(String line) {
        ProgramOutput output = new ProgramOutput();
        int exitCode = 0;
        try {
            for (List<String> words : CommandLine.parse(line)) {
                exitCode = execute(words, output);
            }
        } catch (CommandLine.SyntaxException e) {
            output.error("/system/bin/sh: " + e.getMessage() + "\n");
            exitCode = SYNTAX_ERROR;
        }
        return new Result(output.chunks(), exitCode);
    }

    private int execute(List<String> words, ProgramOutput output) {
        Program program = programs.get(words.get(0).replaceFirst("^/system/bin/", ""));
        if (program == null) {
            output.error("/system/bin/sh: " + words.get(0) + ": inaccessible or not found\n");
            return NOT_FOUND;
        }
        return program.run(words.subList(1, words.size()), output) & 0xFF;
    }
}
