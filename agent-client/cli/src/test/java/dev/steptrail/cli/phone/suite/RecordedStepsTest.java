package dev.steptrail.cli.phone.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedStepsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private ObjectNode step(Path picture) {
        ObjectNode step = JSON.createObjectNode();
        step.putArray("screenshots").addObject().put("path", picture.toString());
        return step;
    }

    @Test
    void hashOfAPicture_isComputedOnce() throws Exception {
        Path picture = folder.resolve("1.png");
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        Map<String, String> known = new HashMap<>();
        assertThat(RecordedSteps.addHashes(step(picture), known)).isTrue();
        assertThat(known.values()).singleElement().asString().matches("[0-9a-f]{16}");
        known.replaceAll((digest, hash) -> "computed before");

        ObjectNode next = step(Files.copy(picture, folder.resolve("2.png")));
        RecordedSteps.addHashes(next, known);

        assertThat(next.at("/screenshots/0/perceptual_hash").asText()).isEqualTo("computed before");
    }
}
