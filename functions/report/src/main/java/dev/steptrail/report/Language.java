package dev.steptrail.report;

import java.util.Locale;
import java.util.ResourceBundle;

/** The language of a report. The agent's texts are not translated. */
public enum Language {
    EN,
    ZH;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the text of a key, with each {@code %s} replaced by a value. */
    String text(String key, Object... values) {
        String text = texts().getString(key);
        return values.length == 0 ? text : String.format(Locale.ROOT, text, values);
    }

    /**
     * Translates a value from the database, such as a status. Returns it unchanged if there is no translation.
     *
     * @param prefix the prefix of the text's key, such as {@code status.}
     */
    String translate(String prefix, String value) {
        return texts().containsKey(prefix + value) ? texts().getString(prefix + value) : value;
    }

    /** Returns the texts, which {@link ResourceBundle} caches. */
    private ResourceBundle texts() {
        return ResourceBundle.getBundle(
                "dev.steptrail.report.texts",
                Locale.forLanguageTag(code()),
                Language.class.getClassLoader(),
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }
}
