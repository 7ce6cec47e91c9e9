package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoPhone.AdbKeyboard;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.phone.device.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No reply of a model reaches the phone's shell unquoted: each command that the phone has received is executed by a
 * real {@code sh}, which must start one known program, and do nothing else.
 */
class HostileReplyIT extends AgentFixture {
    private static final List<String> PROGRAMS =
            List.of("input", "am", "ime", "monkey", "settings", "dumpsys", "screencap", "uiautomator", "getprop", "wm");

    /** Without spaces, so that each is one word of {@code input text}. */
    private static final List<String> PAYLOADS = List.of(
            ">pwned",
            ";>pwned;",
            "$(>pwned)",
            "`>pwned`",
            "&>pwned&",
            "||>pwned",
            "'>pwned'",
            "\">pwned\"",
            "\\\">pwned",
            "';>pwned;'",
            "\";>pwned;\"",
            "'$(>pwned)'",
            "\n>pwned\n",
            "{>pwned,}",
            "%s;>pwned",
            "-n",
            "~",
            "*",
            "#x",
            "!");

    private Path programs;
    private Path started;
    private Path shellFolder;

    @BeforeEach
    void createPrograms() throws IOException {
        programs = Files.createDirectory(folder.resolve("programs"));
        shellFolder = Files.createDirectory(folder.resolve("shell"));
        started = folder.resolve("started");
        for (String name : PROGRAMS) {
            Path program = programs.resolve(name);
            Files.writeString(
                    program,
                    "#!/bin/sh\nfor word in " + name + " \"$@\"; do printf '%s\\0' \"$word\"; done >> '" + started
                            + "'\n" + "printf '\\n\\0' >> '" + started + "'\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ENABLED", "ABSENT"})
    void run_aHostileReply_startsOneKnownProgram(AdbKeyboard keyboard) throws Exception {
        List<String> replies = new ArrayList<>();
        for (String payload : payloads()) {
            replies.add("do(action=\"Type\", text=\"" + payload + "\")");
            replies.add("do(action=\"Launch\", app=\"\"\"" + payload + "\"\"\")");
            replies.add("do(action=\"Launch\", app='com.example"
                    + payload.replace("\\", "\\\\").replace("'", "\\'") + "')");
            replies.add("do(action=\"Tap\", element=['1"
                    + payload.replace("\\", "\\\\").replace("'", "\\'") + "', 2])");
        }
        replies.removeIf(reply -> !isParsed(reply));
        assertThat(replies).hasSizeGreaterThan(3 * PAYLOADS.size());
        replies.add(FINISH);
        DemoPhone.Options options = DemoPhone.Options.defaults()
                .screen(90, 200, 40)
                .delays(DemoPhone.Delays.NONE)
                .adbKeyboard(keyboard);
        try (DemoPhone target = DemoPhone.start(options);
                Device connected = connect(target)) {
            agent(request -> DemoReply.text(replies.get(model.requests().size() - 1)));
            AutoGlmAgent agent = agentOn(connected, settings())
                    .limits(new Limits(replies.size(), null, null, null))
                    .waitAfterAction(Duration.ZERO)
                    .build();

            assertThat(RunOutcome.of(agent.run("hostile", false))).isEqualTo(RunOutcome.SUCCEEDED);

            List<String> lines = target.commands().stream()
                    .map(DemoPhone.Command::line)
                    .distinct()
                    .toList();
            assertThat(lines)
                    .anyMatch(line -> line.startsWith(keyboard == AdbKeyboard.ENABLED ? "am " : "input text "));
            for (String line : lines) {
                assertThat(execute(line)).as(line).hasSize(1);
                assertThat(Files.list(shellFolder)).as(line).isEmpty();
            }
        }
    }

    @Test
    void sh_anUnquotedPayload_isDetected() throws Exception {
        assertThat(execute("input text a;>pwned")).containsExactly("input\0text\0a\0");
        assertThat(shellFolder).isNotEmptyDirectory();
        assertThat(execute("input text a;am broadcast")).hasSize(2);
    }

    /** Returns the payloads, and random combinations of them. */
    private static List<String> payloads() {
        Random random = new Random(28);
        List<String> payloads = new ArrayList<>(PAYLOADS);
        for (int i = 0; i < 20; i++) {
            payloads.add(PAYLOADS.get(random.nextInt(PAYLOADS.size()))
                    + PAYLOADS.get(random.nextInt(PAYLOADS.size()))
                    + PAYLOADS.get(random.nextInt(PAYLOADS.size())));
        }
        return payloads;
    }

    private static boolean isParsed(String reply) {
        try {
            ActionParser.parse(ModelReply.of(reply));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** Executes a line with a real shell; returns the programs that it started, with their arguments. */
    private List<String> execute(String line) throws Exception {
        Files.deleteIfExists(started);
        Path shell = Path.of("/bin/sh");
        ProcessBuilder builder = new ProcessBuilder(shell.toString(), "-c", line)
                .directory(shellFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.start().waitFor();
        return Files.exists(started) ? Arrays.asList(Files.readString(started).split("\n\0")) : List.of();
    }
}
