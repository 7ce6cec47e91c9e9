package dev.steptrail.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Verifies and reads archives. */
public final class ArchiveReader {
    /** A longer first line is not a header. A header has about 200 bytes. */
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ArchiveReader() {}

    /**
     * Verifies that an archive is complete and is the expected part. Reads the stream to its end and closes it.
     *
     * @throws DamagedArchiveException if a check fails; the message names the check
     */
    public static void check(InputStream archive, Archive expected) throws IOException {
        MessageDigest digest = Sha256.digest();
        int steps = 0;
        int screenshots = 0;
        int tasks = 0;
        try (archive;
                InputStream in = decompress(archive)) {
            checkHeader(readHeader(in), expected);
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new DigestInputStream(in, digest), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                steps += line.startsWith("{\"step\":") ? 1 : 0;
                screenshots += line.startsWith("{\"screenshot\":") ? 1 : 0;
                tasks += line.startsWith("{\"task\":") ? 1 : 0;
            }
        } catch (ZipException | EOFException e) {
            throw new DamagedArchiveException("gzip: data is truncated or invalid");
        }
        checkEqual("steps", expected.steps(), steps);
        checkEqual("screenshots", expected.screenshots(), screenshots);
        checkEqual("tasks", 1, tasks);
        checkEqual("sha256", expected.sha256(), HexFormat.of().formatHex(digest.digest()));
    }

    /** Opens an archive and skips its header. */
    static InputStream openLines(Path file) throws IOException {
        InputStream in = decompress(Files.newInputStream(file));
        skipHeader(in);
        return in;
    }

    private static InputStream decompress(InputStream archive) throws IOException {
        return new BufferedInputStream(new GZIPInputStream(archive));
    }

    private static void checkHeader(ArchiveHeader header, Archive expected) throws DamagedArchiveException {
        checkEqual("archive", ArchiveHeader.VERSION, header.version());
        checkEqual("task_id", expected.taskId(), header.taskId());
        checkEqual("part", expected.part(), header.part());
        checkEqual("steps in the header", expected.steps(), header.steps());
        checkEqual("screenshots in the header", expected.screenshots(), header.screenshots());
        checkEqual("sha256 in the header", expected.sha256(), header.sha256());
    }

    private static void checkEqual(String field, Object expected, Object found) throws DamagedArchiveException {
        if (!expected.equals(found)) {
            throw new DamagedArchiveException(field + ": expected " + expected + ", found " + found);
        }
    }

    private static ArchiveHeader readHeader(InputStream in) throws IOException {
        try {
            return JSON.readValue(skipHeader(in), ArchiveHeader.class);
        } catch (JsonProcessingException e) {
            throw new DamagedArchiveException("the first line is not an archive header");
        }
    }

    private static byte[] skipHeader(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || line.size() == MAX_HEADER_BYTES) {
                throw new DamagedArchiveException("the first line is not an archive header");
            }
            line.write(octet);
        }
        return line.toByteArray();
    }
}
