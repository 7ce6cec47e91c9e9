package dev.steptrail.phone.autoglm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The names of apps. The built-in table contains common apps with their Chinese and English names; a file can add
 * others.
 *
 * <p>A line is {@code package: name, another name}. The first name of a package is the one that the model receives if
 * the app is in the foreground. Empty lines and lines that start with {@code #} are ignored. Immutable.
 */
public final class AppTable {
    /** What the model receives if the app is in no table, as by Open-AutoGLM. */
    public static final String UNKNOWN = "System Home";

    private static final String RESOURCE = "apps.txt";
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z]\\w*(\\.[A-Za-z]\\w*)+");
    private static final Pattern IGNORED = Pattern.compile("[\\s\\-_]+");

    private final Map<String, List<String>> packagesByName = new LinkedHashMap<>();
    private final Map<String, String> nameByPackage = new LinkedHashMap<>();

    private AppTable() {}

    /** Returns the built-in table. */
    public static AppTable builtIn() {
        AppTable table = new AppTable();
        table.addBuiltIn();
        return table;
    }

    /**
     * Returns the built-in table with the apps of a file, which take precedence.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line is invalid; the message names the file and the line
     */
    public static AppTable withFile(Path file) throws IOException {
        AppTable table = new AppTable();
        table.add(Files.readString(file), file.toString());
        table.addBuiltIn();
        return table;
    }

    private void addBuiltIn() {
        try (InputStream resource = Objects.requireNonNull(AppTable.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            add(new String(resource.readAllBytes(), StandardCharsets.UTF_8), RESOURCE);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the table of apps", e);
        }
    }

    private void add(String text, String source) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String packageName = colon < 0 ? "" : line.substring(0, colon).strip();
            List<String> names = List.of(line.substring(colon + 1).split(",")).stream()
                    .map(String::strip)
                    .toList();
            if (!PACKAGE.matcher(packageName).matches() || names.contains("")) {
                throw new IllegalArgumentException(source + ", line " + number
                        + ": expected 'package: name, another name', but found '" + line + "'");
            }
            nameByPackage.putIfAbsent(packageName, names.get(0));
            for (String name : names) {
                List<String> packages = packagesByName.computeIfAbsent(normalize(name), key -> new ArrayList<>());
                if (!packages.contains(packageName)) {
                    packages.add(packageName);
                }
            }
        }
    }

    /**
     * Returns the packages that an app with this name may have, the most likely first. Case, spaces, hyphens and
     * underscores do not matter. An unknown name that has the form of a package is returned itself.
     *
     * @param name untrusted text
     */
    public List<String> packagesOf(String name) {
        List<String> packages = packagesByName.get(normalize(name));
        if (packages != null) {
            return List.copyOf(packages);
        }
        return PACKAGE.matcher(name.strip()).matches() ? List.of(name.strip()) : List.of();
    }

    /** Returns the name of the app with this package; {@value #UNKNOWN} if it is in no table. */
    public String nameOf(String packageName) {
        return nameByPackage.getOrDefault(packageName, UNKNOWN);
    }

    private static String normalize(String name) {
        String letters = IGNORED.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("");
        return letters.isEmpty() ? name : letters;
    }
}
