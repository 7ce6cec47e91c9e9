package dev.steptrail.shipper.screenshot;

import java.io.IOException;

/** Encoders of which a part does not work. */
public final class Encoders {
    private Encoders() {}

    public static WebpEncoder withoutThumbnails() {
        EncoderProcesses processes = new EncoderProcesses(1);
        return new WebpEncoder(WebpSettings.DEFAULT, processes, new ThumbnailEncoder(processes, png -> {
            throw new IOException("no thumbnails here");
        }));
    }
}
