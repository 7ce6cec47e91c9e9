package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.tracker.Pngs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTaskFramesTest extends WrittenTaskFixture {
    @Test
    void aFrame_isReadAndRemoved() throws IOException {
        assertThat(task.readFrame("frames/1-before.png")).isEqualTo(Pngs.ofSize(1, 1));
        task.removeFrame("frames/1-before.png");
        task.removeFrame("frames/1-before.png");

        assertThatThrownBy(() -> task.readFrame("frames/1-before.png"))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the frame's file is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frames/../steps.jsonl",
                "steps.jsonl",
                "../x.png",
                "/etc/passwd",
                "frames",
                "frames/a/b.png",
                "",
                "frames/\0"
            })
    void aFrameOutsideItsFolder_isRejected(String name) {
        assertThatThrownBy(() -> task.readFrame(name)).isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> task.removeFrame(name)).isInstanceOf(BrokenImageException.class);
        assertThat(steps).exists();
    }

    @Test
    void aLinkInsteadOfTheFramesFolder_isNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(outbox.resolve("elsewhere"));
        Path secret = Files.write(elsewhere.resolve("1-before.png"), Pngs.ofSize(1, 1));
        task.removeFrame("frames/1-before.png");
        Files.delete(task.folder().resolve("frames"));
        Files.createSymbolicLink(task.folder().resolve("frames"), elsewhere);

        assertThatThrownBy(() -> task.readFrame("frames/1-before.png")).isInstanceOf(BrokenImageException.class);
        assertThatThrownBy(() -> task.removeFrame("frames/1-before.png")).isInstanceOf(BrokenImageException.class);
        task.remove();
        assertThat(secret).exists();
    }
}
