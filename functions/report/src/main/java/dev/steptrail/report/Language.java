package dev.steptrail.report;

import java.util.Locale;
import java.util.ResourceBundle;

/** In which a report speaks of a task. What the agent said stays as it said it. */
public enum Language {
    EN("en"),
    ZH("zh");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** As HTML names it. */
    public String code() {
        return code;
    }

    /** With values in the places of {@code %s}. */
    String text(String key, Object... values) {
        String text = texts().getString(key);
        return values.length == 0 ? text : String.format(Locale.ROOT, text, values);
    }

    /** A word that the database may hold, of this kind, such as {@code status.}; as it is where there is no text for it. */
    String word(String kind, String word) {
        return texts().containsKey(kind + word) ? texts().getString(kind + word) : word;
    }

    /** Java remembers it. */
    private ResourceBundle texts() {
        return ResourceBundle.getBundle(
                "dev.steptrail.report.texts",
                Locale.forLanguageTag(code),
                Language.class.getClassLoader(),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }
}
