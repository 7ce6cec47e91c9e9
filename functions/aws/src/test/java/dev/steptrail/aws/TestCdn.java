package dev.steptrail.aws;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Settings of a CDN for tests, with generated keys. */
public final class TestCdn {
    public static final String ORIGIN = "https://d1.cloudfront.net";
    static final String KEY_ID = "K2JCJMDEHXQW5F";
    static final String KEY_PARAMETER = "/steptrail/test/cdn-private-key";
    static final KeyPair KEYS = keys();

    private TestCdn() {}

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is not available", e);
        }
    }

    /** Returns the settings of a function, whose key is stored in these parameters. */
    public static Map<String, String> settings(TestParameters parameters) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(KEYS.getPrivate().getEncoded());
        parameters.put(KEY_PARAMETER, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
        Map<String, String> settings = new HashMap<>(parameters.settings());
        settings.put("STEPTRAIL_CDN_ORIGIN", ORIGIN);
        settings.put("STEPTRAIL_CDN_KEY_ID", KEY_ID);
        settings.put("STEPTRAIL_CDN_PRIVATE_KEY_PARAMETER", KEY_PARAMETER);
        return settings;
    }
}
