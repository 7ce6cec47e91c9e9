package dev.steptrail.phone.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppTableTest {
    @TempDir
    private Path folder;

    @Test
    void builtIn_chineseAndEnglishNames_areKnown() {
        AppTable apps = AppTable.builtIn();

        assertThat(apps.packagesOf("微信")).containsExactly("com.tencent.mm");
        assertThat(apps.packagesOf("wechat")).containsExactly("com.tencent.mm");
        assertThat(apps.packagesOf(" google-maps ")).containsExactly("com.google.android.apps.maps");
        assertThat(apps.packagesOf("Clock")).startsWith("com.android.deskclock").hasSize(3);
        assertThat(apps.nameOf("com.tencent.mm")).isEqualTo("微信");
        assertThat(apps.nameOf("com.example.unknown")).isEqualTo("System Home");
    }

    @Test
    void packagesOf_anUnknownName_isAPackageIfItLooksLikeOne() {
        AppTable apps = AppTable.builtIn();

        assertThat(apps.packagesOf("com.example.app_2")).containsExactly("com.example.app_2");
        assertThat(apps.packagesOf("com.example;reboot")).isEmpty();
        assertThat(apps.packagesOf("com.example app")).isEmpty();
        assertThat(apps.packagesOf("com")).isEmpty();
        assertThat(apps.packagesOf("")).isEmpty();
        assertThat(apps.packagesOf("---")).isEmpty();
    }

    @Test
    void withFile_itsNames_takePrecedence() throws Exception {
        Path file = Files.writeString(folder.resolve("apps.txt"), """
                # ours
                com.example.chat: 微信, My Chat

                com.android.settings: Preferences
                """);

        AppTable apps = AppTable.withFile(file);

        assertThat(apps.packagesOf("微信")).containsExactly("com.example.chat", "com.tencent.mm");
        assertThat(apps.packagesOf("mychat")).containsExactly("com.example.chat");
        assertThat(apps.nameOf("com.android.settings")).isEqualTo("Preferences");
        assertThat(apps.packagesOf("Settings")).containsExactly("com.android.settings");
    }

    @Test
    void withFile_anInvalidLine_isNamed() throws Exception {
        for (String line : new String[] {"no colon", "com.example.a:", "com.example.a: b,,c", "not a package: b"}) {
            Path file = Files.writeString(folder.resolve("apps.txt"), "com.example.a: b\n" + line);

            assertThatThrownBy(() -> AppTable.withFile(file))
                    .hasMessage(file + ", line 2: expected 'package: name, another name', but found '" + line + "'");
        }
    }
}
