package dev.steptrail.stepformat;

import java.net.URI;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3-compatible server (S3Proxy) for tests of the client and the functions. */
public final class LocalS3 {
    public static final String ACCESS_KEY = "key";
    public static final String SECRET_KEY = "secret";

    private LocalS3() {}

    /** Starts a server with separate buckets. It runs until the process ends. */
    public static URI start() {
        try {
            Path folder = MemoryFolder.create();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> MemoryFolder.delete(folder)));
            S3Proxy proxy = S3Proxy.builder()
                    .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                    .ignoreUnknownHeaders(true)
                    .build();
            proxy.start();
            return URI.create("http://127.0.0.1:" + proxy.getPort());
        } catch (Exception e) {
            throw new IllegalStateException("failed to start S3Proxy", e);
        }
    }
}
