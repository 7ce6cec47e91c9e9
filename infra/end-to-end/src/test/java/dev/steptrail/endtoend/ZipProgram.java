package dev.steptrail.endtoend;

import com.sun.net.httpserver.HttpServer;
import dev.steptrail.aws.AwsClients;
import dev.steptrail.aws.CdnUrls;
import dev.steptrail.aws.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the handlers of zips as Lambda does: with the classes of one zip, and settings from the environment. */
public final class ZipProgram {
    private ZipProgram() {}

    /** @param zips for each zip, its handlers and jars, separated by spaces */
    public static void main(String[] zips) throws Exception {
        URL own = ZipProgram.class.getProtectionDomain().getCodeSource().getLocation();
        for (String zip : zips) {
            List<URL> jars = new ArrayList<>(List.of(own));
            List<String> classes = new ArrayList<>();
            for (String part : zip.split(" ")) {
                if (part.endsWith(".jar")) {
                    jars.add(Path.of(part).toUri().toURL());
                } else {
                    classes.add(part);
                }
            }
            try (URLClassLoader loader =
                    new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
                Thread.currentThread().setContextClassLoader(loader);
                for (String handler : classes) {
                    loader.loadClass(handler).getConstructor().newInstance();
                }
                ((Runnable) loader.loadClass(Signers.class.getName())
                                .getConstructor()
                                .newInstance())
                        .run();
            }
        }
    }

    /** Prints a database token, and a CloudFront URL that is signed with a key from the parameter store. */
    public static final class Signers implements Runnable {
        @Override
        public void run() {
            try {
                sign();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static void sign() throws Exception {
            byte[] key = KeyPairGenerator.getInstance("RSA")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            byte[] parameter = "{\"Parameter\":{\"Value\":\"%s\"}}"
                    .formatted(Base64.getEncoder().encodeToString(key))
                    .getBytes(StandardCharsets.US_ASCII);
            HttpServer parameters = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            parameters.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, parameter.length);
                exchange.getResponseBody().write(parameter);
                exchange.close();
            });
            parameters.start();
            Map<String, String> settings = new HashMap<>(System.getenv());
            settings.put("STEPTRAIL_CDN_ORIGIN", "https://d1.cloudfront.net");
            settings.put("STEPTRAIL_CDN_KEY_ID", "K1");
            settings.put("STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER", "/cdn");
            settings.put(
                    "AWS_ENDPOINT_URL_SSM",
                    "http://127.0.0.1:" + parameters.getAddress().getPort());
            System.out.println(new AwsClients(new Settings(settings))
                    .databaseTokens("db", 5432, "steptrail")
                    .get());
            System.out.println(CdnUrls.fromSettings(new Settings(settings))
                    .orElseThrow()
                    .signer(Instant.EPOCH)
                    .sign("a.webp"));
            parameters.stop(0);
        }
    }
}
