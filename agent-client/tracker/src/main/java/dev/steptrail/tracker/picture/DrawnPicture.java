package dev.steptrail.tracker.picture;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;

/** Pixels. */
record DrawnPicture(BufferedImage image) implements Picture {
    @Override
    public long bytes() {
        DataBuffer pixels = image.getRaster().getDataBuffer();
        long values = (long) pixels.getSize() * pixels.getNumBanks();
        return values * DataBuffer.getDataTypeSize(pixels.getDataType()) / Byte.SIZE;
    }

    @Override
    public byte[] png() throws BrokenImageException {
        return ImageBytes.png(image);
    }
}
