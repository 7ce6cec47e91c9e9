package dev.steptrail.bench.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtual environment with the programs' requirements and this checkout's package. Later runs use it again.
 *
 * @param folder the environment's folder
 */
record PythonEnvironment(Path folder) {
    private static final Path FOLDER = Path.of("infra", "bench", "target", "python");
    private static final Path PROGRAMS = Path.of("infra", "bench", "python");
    private static final Path PACKAGE = Path.of("agent-client", "python");

    /** Creates the environment if it does not exist, and installs what is missing and the package as it is now. */
    static PythonEnvironment install() throws IOException, InterruptedException {
        if (!Files.exists(FOLDER.resolve("pyvenv.cfg"))) {
            join(new ProcessBuilder("python3", "-m", "venv", FOLDER.toString()).inheritIO());
        }
        PythonEnvironment environment = new PythonEnvironment(FOLDER);
        environment.installPackages("-r", PROGRAMS.resolve("requirements.txt").toString());
        environment.installPackages(
                "--no-deps",
                "--no-build-isolation",
                "--force-reinstall",
                PACKAGE.toAbsolutePath().toString());
        return environment;
    }

    private void installPackages(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
        command.addAll(List.of(arguments));
        join(python(command).inheritIO());
    }

    /** Returns a process of one of the programs. Its errors go to those of this process. */
    ProcessBuilder program(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAMS.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return python(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private ProcessBuilder python(List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(folder.resolve("bin").resolve("python").toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private static void join(ProcessBuilder builder) throws IOException, InterruptedException {
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", builder.command()) + " exited with code " + code);
        }
    }
}
