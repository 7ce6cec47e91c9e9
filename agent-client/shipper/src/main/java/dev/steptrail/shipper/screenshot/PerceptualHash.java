package dev.steptrail.shipper.screenshot;

import dev.brachtendorf.jimagehash.hashAlgorithms.AverageHash;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture's average hash of 64 bits: of a grid of 8 by 8 cells, which are lighter than the picture is on average. Another
 * clock or another quality leave it equal or change a bit or two, another screen a dozen and more.
 */
final class PerceptualHash {
    private static final int BITS = 64;

    private PerceptualHash() {}

    static String ofPng(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(png)));
        if (image == null) {
            throw new IOException("no picture to hash");
        }
        return String.format(
                Locale.ROOT, "%016x", new AverageHash(BITS).hash(image).getHashValue());
    }
}
