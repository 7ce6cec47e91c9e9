package dev.steptrail.store.jdbc;

import java.net.IDN;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.text.Normalizer;
import java.text.NumberFormat;
import java.util.Calendar;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.security.auth.x500.X500Principal;

/**
 * What a first connection takes longest of the JVM, made by other threads while one is on the way to where it needs them, in the order in
 * which it does. It leaves nothing but what the JVM has loaded. What fails here fails again where it is needed, and is told there.
 */
final class Priming {
    /** After some hundred calls the JVM compiles what it interpreted before; Postgres has a password hashed 4096 times. */
    private static final int ROUNDS = 300;

    private interface Step {
        void make() throws GeneralSecurityException;
    }

    private Priming() {}

    /** Begins with the tables of the curve by which Postgres agrees on TLS's keys: on JDK 25 they alone take 65 ms. */
    static void begin() {
        Thread thread = new Thread(() -> attempt(Priming::curve), "priming");
        thread.setDaemon(true);
        thread.start();
    }

    /** Makes the rest. */
    static void finish() {
        attempt(Priming::tls);
        new X500Principal("CN=database")
                .getName(X500Principal.CANONICAL); // as the issuer's name is read, among those that are trusted
        attempt(Priming::password);
        IDN.toASCII("database"); // by which the driver compares the server's name
        Normalizer.normalize("pässword", Normalizer.Form.NFKC); // as it does with the password
        Calendar.getInstance();
        NumberFormat.getIntegerInstance(); // by which it reads the server's version
    }

    private static void attempt(Step step) {
        try {
            step.make();
        } catch (GeneralSecurityException toldLater) {
            // By the connection.
        }
    }

    private static void curve() throws GeneralSecurityException {
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
        curve.initialize(new ECGenParameterSpec("secp256r1"));
        curve.generateKeyPair();
    }

    /** Its ciphers, groups and signatures: each is looked for among all providers. */
    private static void tls() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[0], new TrustManager[0], null); // which trusts nobody, and connects to nobody
        context.createSSLEngine();
    }

    private static void password() throws GeneralSecurityException {
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(new char[] {'x'}, new byte[16], ROUNDS, 256));
    }
}
