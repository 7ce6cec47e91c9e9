package dev.steptrail.demophone;

import java.util.ArrayList;
import java.util.List;

/** The input methods: the user's, and ADB Keyboard where it is installed. */
final class Keyboards {
    static final String USERS = "com.android.inputmethod.latin/.LatinIME";
    static final String ADB = "com.android.adbkeyboard/.AdbIME";

    private final List<String> installed = new ArrayList<>(List.of(USERS));
    private final List<String> enabled = new ArrayList<>(List.of(USERS));
    private String current = USERS;

    Keyboards(DemoPhone.AdbKeyboard adbKeyboard) {
        if (adbKeyboard != DemoPhone.AdbKeyboard.ABSENT) {
            installed.add(ADB);
        }
        if (adbKeyboard == DemoPhone.AdbKeyboard.ENABLED) {
            enabled.add(ADB);
        }
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

    boolean enable(String id) {
        if (installed.contains(id) && !enabled.contains(id)) {
            enabled.add(id);
        }
        return installed.contains(id);
    }

    void disable(String id) {
        enabled.remove(id);
        if (current.equals(id)) {
            current = USERS;
        }
    }

    boolean select(String id) {
        if (enabled.contains(id)) {
            current = id;
        }
        return enabled.contains(id);
    }
}
