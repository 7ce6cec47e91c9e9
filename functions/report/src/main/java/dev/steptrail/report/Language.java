package dev.steptrail.report;

import java.util.Locale;
import java.util.ResourceBundle;

/** The language of a report's own texts. Texts of the agent are not translated. */
public enum Language {
    EN("en"),
    ZH("zh");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** Returns the language code for HTML. */
    public String code() {
        return code;
    }

    /** Returns a text with its {@code %s} replaced by the values. */
    String text(String key, Object... values) {
        String text = texts().getString(key);
        return values.length == 0 ? text : String.format(Locale.ROOT, text, values);
    }

    /**
     * Translates a word of the database. A word without a translation is returned unchanged.
     *
     * @param kind the prefix of the word's key, such as {@code status.}
     */
    String word(String kind, String word) {
        return texts().containsKey(kind + word) ? texts().getString(kind + word) : word;
    }

    /** ResourceBundle caches the texts. */
    private ResourceBundle texts() {
        return ResourceBundle.getBundle(
                "dev.steptrail.report.texts",
                Locale.forLanguageTag(code),
                Language.class.getClassLoader(),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }
}
