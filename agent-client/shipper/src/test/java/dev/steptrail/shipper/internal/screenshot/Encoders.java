package dev.steptrail.shipper.internal.screenshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Encoders that partly fail, or that run other programs. */
public final class Encoders {
    private Encoders() {}

    public static WebpEncoder withoutThumbnails() {
        return new WebpEncoder(
                png -> WebpEncoder.cwebp(png, 75, 2), Encoders::noThumbnail, new EncoderProcesses(1, () -> false));
    }

    /**
     * An encoder that runs another program instead of {@code cwebp}, and makes no thumbnails.
     *
     * @param longest the time after which it counts as hanging
     */
    public static WebpEncoder of(Path program, Duration longest) {
        return new WebpEncoder(
                png -> PipedProcess.run(List.of(program.toString()), png, longest),
                Encoders::noThumbnail,
                new EncoderProcesses(1, () -> false));
    }

    private static byte[] noThumbnail(byte[] png) throws IOException {
        throw new IOException("no thumbnails here");
    }
}
