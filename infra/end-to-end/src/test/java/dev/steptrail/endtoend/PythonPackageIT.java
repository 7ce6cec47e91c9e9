package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs those tests of the Python package that start a local cloud and the command of this build. The other ones run in
 * the module {@code agent-client/python}.
 */
@Order(1)
class PythonPackageIT {
    private static final Path CHECK = Program.ROOT.resolve("agent-client/python/check");
    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    private Path folder;

    @Test
    void testsWithALocalCloud_pass() throws Exception {
        Path output = folder.resolve("output");
        Process check = new ProcessBuilder(CHECK.toString(), "-m", "local_cloud")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = check.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        check.descendants().forEach(ProcessHandle::destroy);
        check.destroy();
        String printed = Files.readString(output);

        assertThat(ended).as(printed).isTrue();
        assumeFalse(printed.contains("The Python package is not tested"), printed);
        assertThat(check.exitValue()).as(printed).isZero();
    }
}
