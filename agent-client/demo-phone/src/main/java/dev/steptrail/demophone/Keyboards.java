package dev.steptrail.demophone;

import java.util.List;

/** The input methods: the user's, and ADB Keyboard where it is installed. */
final class Keyboards {
    static final String USERS = "com.android.inputmethod.latin/.LatinIME";
    static final String ADB = "com.android.adbkeyboard/.AdbIME";

    private final List<String> installed;
    private final List<String> enabled;
    private String current = USERS;

    Keyboards(DemoPhone.AdbKeyboard adbKeyboard) {
        installed = adbKeyboard == DemoPhone.AdbKeyboard.ABSENT ? List.of(USERS) : List.of(USERS, ADB);
        enabled = adbKeyboard == DemoPhone.AdbKeyboard.ENABLED ? List.of(USERS, ADB) : List.of(USERS);
    }

    List<String> installed() {
        return installed;
    }

    List<String> enabled() {
        return enabled;
    }

    String current() {
        return current;
    }

    boolean select(String id) {
        if (enabled.contains(id)) {
            current = id;
        }
        return enabled.contains(id);
    }
}
