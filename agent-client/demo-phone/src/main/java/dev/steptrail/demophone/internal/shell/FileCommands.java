package dev.steptrail.demophone.internal.shell;

import dev.steptrail.demophone.internal.adb.PhoneFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs for files and text: {@code cat}, {@code rm}, {@code ls}, {@code echo}, {@code whoami}, {@code true}. */
public final class FileCommands {
    private final PhoneFiles files;

    public FileCommands(PhoneFiles files) {
        this.files = files;
    }

    public void addTo(Map<String, Program> programs) {
        programs.put("cat", this::cat);
        programs.put("rm", this::rm);
        programs.put("ls", this::ls);
        programs.put("echo", (arguments, output) -> {
            boolean bare = !arguments.isEmpty() && arguments.get(0).equals("-n");
            output.print(
                    String.join(" ", bare ? arguments.subList(1, arguments.size()) : arguments) + (bare ? "" : "\n"));
            return 0;
        });
        programs.put("whoami", (arguments, output) -> {
            output.print("shell\n");
            return 0;
        });
        programs.put("true", (arguments, output) -> 0);
        programs.put("false", (arguments, output) -> 1);
    }

    private int cat(List<String> paths, ProgramOutput output) {
        int exitCode = 0;
        for (String path : paths) {
            Optional<PhoneFiles.File> file = files.read(path);
            if (file.isPresent()) {
                output.write(file.get().bytes());
            } else {
                output.error("cat: " + path + ": No such file or directory\n");
                exitCode = 1;
            }
        }
        return exitCode;
    }

    private int rm(List<String> arguments, ProgramOutput output) {
        int exitCode = 0;
        boolean force = arguments.contains("-f");
        for (String path : arguments) {
            if (!path.startsWith("-") && !files.delete(path) && !force) {
                output.error("rm: " + path + ": No such file or directory\n");
                exitCode = 1;
            }
        }
        return exitCode;
    }

    private int ls(List<String> arguments, ProgramOutput output) {
        int exitCode = 0;
        for (String path : arguments) {
            if (path.startsWith("-")) {
                continue;
            }
            if (files.read(path).isPresent()) {
                output.print(path + "\n");
            } else if (files.isFolder(path)) {
                files.list(path).forEach(name -> output.print(name + "\n"));
            } else {
                output.error("ls: " + path + ": No such file or directory\n");
                exitCode = 1;
            }
        }
        return exitCode;
    }
}
