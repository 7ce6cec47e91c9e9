package dev.steptrail.demophone.internal.shell;

import java.util.List;
import java.util.Map;

/** The programs for files and text: {@code cat}, {@code rm}, {@code echo} and {@code whoami}. */
public final class FileCommands {
    private final Map<String, byte[]> files;

    /** @param files the contents by path */
    public FileCommands(Map<String, byte[]> files) {
        this.files = files;
    }

    public void addTo(Map<String, Program> programs) {
        programs.put("cat", this::cat);
        programs.put("rm", this::rm);
        programs.put("echo", (arguments, output) -> {
            output.print(String.join(" ", arguments) + "\n");
            return 0;
        });
        programs.put("whoami", (arguments, output) -> {
            output.print("shell\n");
            return 0;
        });
    }

    private int cat(List<String> paths, ProgramOutput output) {
        int exitCode = 0;
        for (String path : paths) {
            byte[] bytes = files.get(path);
            if (bytes == null) {
                output.error("cat: " + path + ": No such file or directory\n");
                exitCode = 1;
            } else {
                output.write(bytes);
            }
        }
        return exitCode;
    }

    private int rm(List<String> arguments, ProgramOutput output) {
        int exitCode = 0;
        boolean force = arguments.contains("-f");
        for (String path : arguments) {
            if (!path.startsWith("-") && files.remove(path) == null && !force) {
                output.error("rm: " + path + ": No such file or directory\n");
                exitCode = 1;
            }
        }
        return exitCode;
    }
}
