package dev.steptrail.aws;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;

/** Settings of a CDN for tests, with generated keys. */
public final class TestCdn {
    public static final String ORIGIN = "https://d1.cloudfront.net";
    static final String KEY_ID = "K2JCJMDEHXQW5F";
    static final KeyPair KEYS = keys();

    private TestCdn() {}

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is not available", e);
        }
    }

    /** Returns the settings of a function. */
    public static Map<String, String> settings() {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(KEYS.getPrivate().getEncoded());
        return Map.of(
                "STEPTRAIL_CDN_ORIGIN",
                ORIGIN,
                "STEPTRAIL_CDN_KEY_ID",
                KEY_ID,
                "STEPTRAIL_CDN_PRIVATE_KEY",
                "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }
}
