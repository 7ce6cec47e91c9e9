package dev.steptrail.demophone.internal.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import dev.steptrail.demophone.internal.adb.PhoneFiles;
import dev.steptrail.demophone.internal.shell.CommandLine.Command;
import dev.steptrail.demophone.internal.shell.CommandLine.Condition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executes command lines with programs, as {@code sh -c} does. */
public final class Shell {
    private static final int SYNTAX_ERROR = 1;
    private static final int NOT_FOUND = 127;

    private final Map<String, Program> programs;
    private final PhoneFiles files;

    public Shell(Map<String, Program> programs, PhoneFiles files) {
        this.programs = programs;
        this.files = files;
    }

    /** What a command line has written, and the exit code of its last command. */
    public record Result(List<Chunk> chunks, int exitCode) {}

    public Result execute(String line) {
        CommandLine parsed;
        try {
            parsed = CommandLine.parse(line);
        } catch (CommandLine.SyntaxException e) {
            byte[] message = ("/system/bin/sh: " + e.getMessage() + "\n").getBytes(UTF_8);
            return new Result(List.of(new Chunk(true, message)), SYNTAX_ERROR);
        }
        List<Chunk> chunks = new ArrayList<>();
        int exitCode = 0;
        for (Command command : parsed.commands()) {
            if (command.condition() == Condition.ALWAYS
                    || (command.condition() == Condition.SUCCESS && exitCode == 0)
                    || (command.condition() == Condition.FAILURE && exitCode != 0)) {
                exitCode = execute(command, exitCode, chunks);
            }
        }
        return new Result(chunks, exitCode);
    }

    private int execute(Command command, int lastExitCode, List<Chunk> chunks) {
        List<String> words =
                command.words().stream().map(word -> word.text(lastExitCode)).toList();
        String name = words.get(0).replaceFirst("^/system/bin/", "");
        ProgramOutput output = new ProgramOutput();
        int exitCode;
        Program program = programs.get(name);
        if (program == null) {
            output.error("/system/bin/sh: " + words.get(0) + ": inaccessible or not found\n");
            exitCode = NOT_FOUND;
        } else {
            exitCode = program.run(words.subList(1, words.size()), output) & 0xFF;
        }
        if (command.outputFile() == null && command.errorFile() == null && !command.errorToOutput()) {
            chunks.addAll(output.chunks());
        } else {
            redirect(command, output.chunks(), chunks);
        }
        return exitCode;
    }

    private void redirect(Command command, List<Chunk> written, List<Chunk> chunks) {
        ByteArrayOutputStream toOutput = new ByteArrayOutputStream();
        ByteArrayOutputStream toError = new ByteArrayOutputStream();
        for (Chunk chunk : written) {
            boolean error = chunk.error() && !command.errorToOutput();
            if (error && command.errorFile() != null) {
                toError.writeBytes(chunk.bytes());
            } else if (!error && command.outputFile() != null) {
                toOutput.writeBytes(chunk.bytes());
            } else {
                chunks.add(new Chunk(error, chunk.bytes()));
            }
        }
        write(command.outputFile(), toOutput, command.append());
        write(command.errorFile(), toError, false);
    }

    private void write(@Nullable String file, ByteArrayOutputStream bytes, boolean append) {
        if (file == null || file.equals("/dev/null")) {
            return;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (append) {
            files.read(file).ifPresent(before -> content.writeBytes(before.bytes()));
        }
        content.writeBytes(bytes.toByteArray());
        files.write(file, content.toByteArray());
    }
}
