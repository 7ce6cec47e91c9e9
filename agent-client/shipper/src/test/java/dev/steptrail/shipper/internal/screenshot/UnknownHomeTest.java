package dev.steptrail.shipper.internal.screenshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.JavaProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user without an account, for example in a container, whose home folder is {@code ?} in Java. */
class UnknownHomeTest {
    @TempDir
    Path folder;

    /** Prints the path of the encoder. */
    static final class Looker {
        public static void main(String[] arguments) throws Exception {
            System.out.println(EncoderPrograms.installIfMissing("cwebp"));
        }
    }

    @Test
    void encoder_isInstalledInTemporaryFolder() throws Exception {
        assertThat(run(Map.of())).contains("steptrail-webp");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void encoder_isInstalledInHomeOfEnvironment() throws Exception {
        assertThat(run(Map.of("HOME", folder.toString())))
                .contains(folder.resolve(".cache/steptrail").toString());
    }

    private String run(Map<String, String> variables) throws Exception {
        ProcessBuilder command = JavaProcess.of(List.of("-Duser.home=?"), Looker.class)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        command.environment().keySet().removeAll(Set.of("XDG_CACHE_HOME", "HOME"));
        command.environment().putAll(variables);
        Process process = command.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}
