package dev.steptrail.phone.autoglm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The system message, which describes the actions to the model. The built-in one is in Chinese if the instruction
 * contains a Chinese character, otherwise in English. In each text, <code>{date}</code> is replaced with today's date.
 */
public final class SystemPrompt {
    private static final String DATE = "{date}";

    /** The language of a task, named as Open-AutoGLM names it. */
    enum Language {
        CHINESE("cn", "system-prompt.zh.txt", DateTimeFormatter.ofPattern("yyyy年M月d日 EEEE", Locale.CHINA)),
        ENGLISH("en", "system-prompt.en.txt", DateTimeFormatter.ofPattern("yyyy-MM-dd, EEEE", Locale.ENGLISH));

        final String id;
        private final String resource;
        private final DateTimeFormatter date;

        Language(String id, String resource, DateTimeFormatter date) {
            this.id = id;
            this.resource = resource;
            this.date = date;
        }

        static Language of(String instruction) {
            boolean chinese = instruction
                    .codePoints()
                    .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
            return chinese ? CHINESE : ENGLISH;
        }
    }

    private final @Nullable String text;

    private SystemPrompt(@Nullable String text) {
        this.text = text;
    }

    public static SystemPrompt builtIn() {
        return new SystemPrompt(null);
    }

    /**
     * Returns a prompt with a text for instructions of all languages.
     *
     * @throws IllegalArgumentException if the text is blank
     */
    public static SystemPrompt of(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the system prompt is empty");
        }
        return new SystemPrompt(text);
    }

    /**
     * Reads the text from a file in UTF-8.
     *
     * @throws IllegalArgumentException if the file is blank
     */
    public static SystemPrompt ofFile(Path file) throws IOException {
        return of(Files.readString(file));
    }

    String textFor(String instruction, LocalDate today) {
        Language language = Language.of(instruction);
        return (text == null ? read(language.resource) : text).replace(DATE, language.date.format(today));
    }

    private static String read(String name) {
        try (InputStream resource = Objects.requireNonNull(SystemPrompt.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the system prompt " + name, e);
        }
    }
}
