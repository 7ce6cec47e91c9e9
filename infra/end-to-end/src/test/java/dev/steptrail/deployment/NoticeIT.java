package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** NOTICE lists exactly the libraries in the archives of the command and the functions, and is part of each archive. */
class NoticeIT {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final List<String> DISTRIBUTED_MODULES = List.of(
            "agent-client/cli", "functions/api", "functions/export", "functions/ingest", "functions/operations");

    /** An entry of NOTICE: groupId:artifactId, groupId:* for all artifacts of a group, or npm:package. */
    private static final Pattern ENTRY = Pattern.compile("[a-z0-9.-]+:(?:(?:@[a-z0-9.-]+/)?[a-z0-9-]+|\\*)(?=[, \\n])");

    private static final Pattern JAR = Pattern.compile("(?:.+/)?lib/([a-z0-9-]+?)-\\d[^/]*\\.jar");
    private static final Pattern POM_PROPERTIES = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");
    private static final Pattern VENDOR = Pattern.compile("dev/steptrail/viewer/web/vendor/([^/]+)/.+");
    private static final Pattern BUNDLED = Pattern.compile("dev/steptrail/viewer/web/bundle/licenses/(.+)/LICENSE");

    private static final Map<Path, Set<String>> FILES_BY_ARCHIVE = new HashMap<>();
    private static Set<String> entries;
    private static Set<String> libraries;

    @BeforeAll
    static void readNoticeAndArchives() throws IOException {
        entries = ENTRY.matcher(Files.readString(ROOT.resolve("NOTICE")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        libraries = new TreeSet<>();
        Set<String> jars = new HashSet<>();
        for (String module : DISTRIBUTED_MODULES) {
            int before = FILES_BY_ARCHIVE.size();
            try (DirectoryStream<Path> archives = Files.newDirectoryStream(ROOT.resolve(module + "/target"), "*.zip")) {
                for (Path archive : archives) {
                    readArchive(archive, jars);
                }
            }
            assertThat(FILES_BY_ARCHIVE)
                    .as("archives, with those of %s", module)
                    .hasSizeGreaterThan(before);
        }
        assertThat(libraries).isNotEmpty();
    }

    @Test
    void archive_containsLicenseAndNotice() {
        assertThat(FILES_BY_ARCHIVE)
                .allSatisfy((archive, files) -> assertThat(files).contains("LICENSE", "NOTICE"));
    }

    @Test
    void notice_listsEachLibrary() {
        Set<String> missing = new TreeSet<>(libraries);
        missing.removeIf(library -> entries.stream().anyMatch(entry -> covers(entry, library)));

        assertThat(missing).as("libraries that NOTICE does not list").isEmpty();
    }

    @Test
    void notice_listsNoOtherLibrary() {
        Set<String> unused = new TreeSet<>(entries);
        unused.removeIf(entry -> libraries.stream().anyMatch(library -> covers(entry, library)));

        assertThat(unused).as("entries of NOTICE that no archive contains").isEmpty();
    }

    /** Adds the libraries of those jars that earlier archives do not contain. */
    private static void readArchive(Path archive, Set<String> jars) throws IOException {
        Set<String> files = new TreeSet<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName().replaceFirst("^steptrail-[^/]+/", "");
                files.add(name);
                if (name.endsWith(".jar") && !name.startsWith("runtime/") && jars.add(name)) {
                    try (InputStream jar = zip.getInputStream(entry)) {
                        addLibraries(name, jar);
                    }
                }
            }
        }
        FILES_BY_ARCHIVE.put(archive, files);
    }

    /** Adds the coordinates of a jar and of its browser libraries. The group is "?" without pom.properties. */
    private static void addLibraries(String name, InputStream jar) throws IOException {
        Matcher file = JAR.matcher(name);
        assertThat(file.matches()).as(name).isTrue();
        String group = "?";
        try (ZipInputStream zip = new ZipInputStream(jar)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Matcher pom = POM_PROPERTIES.matcher(entry.getName());
                Matcher vendor = VENDOR.matcher(entry.getName());
                Matcher bundled = BUNDLED.matcher(entry.getName());
                if (pom.matches() && pom.group(2).equals(file.group(1))) {
                    group = pom.group(1);
                } else if (vendor.matches()) {
                    libraries.add("org.webjars.npm:" + vendor.group(1));
                } else if (bundled.matches()) {
                    libraries.add("npm:" + bundled.group(1));
                }
            }
        }
        if (!group.equals("dev.steptrail")) {
            libraries.add(group + ":" + file.group(1));
        }
    }

    private static boolean covers(String entry, String library) {
        String group = entry.substring(0, entry.indexOf(':'));
        return entry.equals(library)
                || entry.equals(group + ":*") && library.startsWith(group + ":")
                || library.startsWith("?:") && entry.endsWith(library.substring(1));
    }
}
