package dev.steptrail.localcloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class HelpTest {
    @Test
    void help_isPrintedWithoutJava_andHasAllOptions() throws Exception {
        ProcessBuilder up = new ProcessBuilder("./up", "--help").redirectErrorStream(true);
        up.environment().put("JAVA_HOME", "/nonexistent");

        Process process = up.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).isEqualTo(LocalCloud.commandLine().getUsageMessage(Ansi.OFF));
    }
}
