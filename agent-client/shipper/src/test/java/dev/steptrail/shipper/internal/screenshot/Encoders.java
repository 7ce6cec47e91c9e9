package dev.steptrail.shipper.internal.screenshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Encoders of which a part does not work, or which are other programs. */
public final class Encoders {
    private Encoders() {}

    public static WebpEncoder withoutThumbnails() {
        return new WebpEncoder(
                png -> WebpEncoder.cwebp(png, 75, 2), Encoders::noThumbnail, new EncoderProcesses(1, () -> false));
    }

    /**
     * A program that gets a PNG and gives something in the place of a WebP, and makes no thumbnails.
     *
     * @param longest before it counts as hanging
     */
    public static WebpEncoder of(Path program, Duration longest) {
        return new WebpEncoder(
                png -> PipedProgram.run(List.of(program.toString()), png, longest),
                Encoders::noThumbnail,
                new EncoderProcesses(1, () -> false));
    }

    private static byte[] noThumbnail(byte[] png) throws IOException {
        throw new IOException("no thumbnails here");
    }
}
