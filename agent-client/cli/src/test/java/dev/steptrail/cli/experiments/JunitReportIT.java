package dev.steptrail.cli.experiments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.experiments.ExperimentResponses.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other programs can read the JUnit file of {@code steptrail gate}. */
class JunitReportIT {
    private static final String PACKAGE = "junitparser==5.0.3";
    private static final Path ENVIRONMENT = Path.of("target", "junitparser-5.0.3");

    /** Prints the counts of the suite, and each test with its results. */
    private static final String READ = """
            import sys
            from junitparser import JUnitXml
            for suite in JUnitXml.fromfile(sys.argv[1]):
                print(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped)
                for case in suite:
                    print(case.classname, case.name, case.time, [(type(r).__name__, r.type, r.message) for r in case.result])
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = folder.resolve("gate.xml");
        List<Case> cases = List.of(
                new Case("camera", 9, 1, 10, 0, "unchanged"),
                new Case("新 <case>", 5, 0, 0, 0, "too_few"),
                new Case("torch", 2, 8, 10, 0, "regression"));
        try (ScriptedApi api = new ScriptedApi()) {
            api.on("GET /api/experiments/prompt-8", Response.json(200, ExperimentResponses.experiment(cases)));
            String command = "gate --experiment prompt-8 --baseline prompt-7 --min-success 0.5 --junit " + file;
            assertThat(api.run(command.split(" ")).exitCode()).isEqualTo(1);
        }
    }

    @Test
    void junitparser_readsTheTestsAndTheirResults() throws Exception {
        String problem = install();
        if (!problem.isEmpty() && !System.getenv().getOrDefault("CI", "").isBlank()) {
            throw new AssertionError(problem);
        }
        skipIf(!problem.isEmpty(), problem);

        assertThat(run(List.of(
                        ENVIRONMENT.resolve("bin/python").toString(), "-X", "utf8", "-c", READ, file.toString())))
                .isEqualTo("""
                        prompt-8 5 2 1 0
                        gate --min-success 0.0 []
                        gate --max-regressions 0.0 [('Failure', 'max-regressions', 'expected at most 0 regressions, but there is 1')]
                        case camera 31.25 []
                        case 新 <case> 31.25 [('Error', 'too_few', 'too few: passed 5/5, only in prompt-8')]
                        case torch 31.25 [('Failure', 'regression', 'regression: passed 2/10, baseline 10/10')]
                        """);
    }

    @Test
    void file_isValidAgainstTheSchemaOfSurefire() throws Exception {
        String schema = System.getProperty("steptrail.surefire-schema", "");
        skipIf(schema.isEmpty(), "-Dsteptrail.surefire-schema=FILE is not set");

        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Path.of(schema).toFile())
                .newValidator()
                .validate(new StreamSource(file.toFile()));
    }

    private static void skipIf(boolean condition, String reason) {
        if (condition) {
            System.out.println("skipped: " + reason); // Maven prints no reason
        }
        assumeTrue(!condition, reason);
    }

    /** Returns the reason if the installation failed, otherwise an empty text. */
    private static String install() throws InterruptedException {
        if (Files.exists(ENVIRONMENT.resolve("bin/junitparser"))) {
            return "";
        }
        try {
            run(List.of("python3", "-m", "venv", ENVIRONMENT.toString()));
            run(List.of(ENVIRONMENT.resolve("bin/pip").toString(), "install", "--quiet", PACKAGE));
            return "";
        } catch (IOException e) {
            return "junitparser cannot be installed: " + e.getMessage();
        }
    }

    /** Returns what the program prints. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + output);
        }
        return output;
    }
}
