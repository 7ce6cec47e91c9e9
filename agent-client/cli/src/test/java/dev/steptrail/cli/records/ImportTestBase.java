package dev.steptrail.cli.records;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.shipper.fixture.Screens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The base of tests that import recordings. */
abstract class ImportTestBase extends SteptrailTestBase {
    Run importing(Object... what) {
        return importing(aws, what);
    }

    Run importing(LocalAws target, Object... what) {
        Stream<String> command = Stream.of("import", "--outbox", outbox.toString());
        return run(
                target.environment(),
                Stream.concat(command, Stream.of(what).map(Object::toString)).toArray(String[]::new));
    }

    /** A recording of five steps, whose second one a queue for messages up to 16 KiB rejects. */
    Path tooLarge() throws IOException {
        return changed(
                recording -> ((ObjectNode) recording.withArray("steps").get(1)).put("notes", incompressible(50_000)));
    }

    /** A valid recording with changed JSON and without screenshots. */
    Path changed(Consumer<ObjectNode> change) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode recording =
                (ObjectNode) json.readTree(Screens.sample("weather-finished").toFile());
        recording.withArray("steps").forEach(step -> ((ObjectNode) step).putNull("screenshot_path"));
        change.accept(recording);
        return Files.write(folder.resolve("run.json"), json.writeValueAsBytes(recording));
    }

    static String incompressible(int bytes) {
        byte[] random = new byte[bytes * 3 / 4];
        new Random(1).nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }
}
