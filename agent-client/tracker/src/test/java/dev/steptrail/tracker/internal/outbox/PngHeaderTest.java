package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.tracker.Pngs;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PngHeaderTest {
    @Property(tries = 50)
    void read_returnsTheSize(
            @ForAll @IntRange(min = 1, max = 300) int width, @ForAll @IntRange(min = 1, max = 300) int height)
            throws Exception {
        assertThat(PngHeader.read(Pngs.ofSize(width, height))).isEqualTo(new PngHeader(width, height));
    }

    @Property
    void bytesThatAreNotAPng_areRejected(@ForAll byte[] bytes) {
        assertThatThrownBy(() -> PngHeader.read(bytes))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the screenshot is not a PNG");
    }

    @Test
    void aPngTruncatedInItsHeader_isRejected() {
        assertThatThrownBy(() -> PngHeader.read(Arrays.copyOf(Pngs.ofSize(1, 1), 23)))
                .isInstanceOf(BrokenImageException.class);
    }

    @Test
    void anInvalidSize_isRejected() {
        byte[] png = Pngs.ofSize(1, 1);
        Arrays.fill(png, 16, 20, (byte) 0xFF);

        assertThatThrownBy(() -> PngHeader.read(png)).hasMessage("the PNG has an invalid size of -1 by 1 pixels");
    }
}
