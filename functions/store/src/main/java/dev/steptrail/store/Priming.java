package dev.steptrail.store;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Calendar;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What a first connection takes longest of the JVM: the tables of the curve by which Postgres agrees on TLS's keys, the hash of a
 * password, the calendar of the driver. One thread makes them while another is on the way to where it needs them.
 */
final class Priming {
    /** After some hundred calls the JVM compiles what it interpreted before; Postgres has a password hashed 4096 times. */
    private static final int ROUNDS = 300;

    private Priming() {}

    /** Leaves nothing but what the JVM has loaded. What fails here fails again where it is needed, and is told there. */
    static void run() {
        try {
            KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
            curve.initialize(new ECGenParameterSpec("secp256r1"));
            curve.generateKeyPair();
            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(new char[] {'x'}, new byte[16], ROUNDS, 256));
        } catch (GeneralSecurityException toldLater) {
            // By the connection.
        }
        Calendar.getInstance();
    }
}
