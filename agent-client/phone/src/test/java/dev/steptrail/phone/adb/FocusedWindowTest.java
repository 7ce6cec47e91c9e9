package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms are those of Android 4 to 15, as they appear in public issue threads. */
class FocusedWindowTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "mCurrentFocus=Window{41fd5c0 u0 com.android.settings/com.android.settings.Settings}|com.android.settings|com.android.settings.Settings",
                "mCurrentFocus=Window{42 u0 com.android.chrome/.Main} mFocusedApp=ActivityRecord{6a u0 a.b/.C t1}|com.android.chrome|com.android.chrome.Main",
                "mCurrentFocus=Window{c838dbe u10 tv.danmaku.bili/tv.danmaku.bili.MainActivityV2}|tv.danmaku.bili|tv.danmaku.bili.MainActivityV2",
                "mCurrentFocus=Window{85a52f2 u0 StatusBar} mFocusedApp=AppWindowToken{fde865c token=Token{5151ccf ActivityRecord{2d5092e u0 longbin.helloworld/.HelloWorldActivity t10891}}}|longbin.helloworld|longbin.helloworld.HelloWorldActivity",
                "mCurrentFocus=null mFocusedApp=ActivityRecord{64d5519 u0 com.example.test/com.example.test.MainActivity t8}|com.example.test|com.example.test.MainActivity",
                "mCurrentFocus=Window{8ddaeb2 u0 NotificationShade} mFocusedApp=ActivityRecord{d9b8281 u0 com.miui.home/.launcher.Launcher} t57}|com.miui.home|com.miui.home.launcher.Launcher",
                "mCurrentFocus=Window{1a2 u0 PopupWindow:7f3a} mFocusedApp=ActivityRecord{3f18031 u0 org.xbmc.kodi/.Main t1290}|org.xbmc.kodi|org.xbmc.kodi.Main",
                "mCurrentFocus=Window{9b u0 Application Not Responding: com.foo} mFocusedApp=ActivityRecord{6a u0 com.foo/.Bar t3}|com.foo|com.foo.Bar",
                "mCurrentFocus=Window{4310f8 com.sec.android.app/com.sec.android.app.Main$Inner paused=false}|com.sec.android.app|com.sec.android.app.Main$Inner",
                "mCurrentFocus=Window{77 u0 android/com.android.internal.app.ChooserActivity}|android|com.android.internal.app.ChooserActivity",
                "mCurrentFocus=null mFocusedApp=null|-|-",
                "mFocusedWindow=x|-|-",
            })
    void parse_formOfAndroid_returnsPackageAndActivity(String line, String packageName, String activity) {
        String dump = "WINDOW MANAGER WINDOWS\n  " + line.replace(" mFocusedApp", "\n  mFocusedApp") + "\n";

        var app = FocusedWindow.parse(dump);

        assertThat(app.packageName()).isEqualTo(packageName);
        assertThat(app.activity()).isEqualTo(activity);
    }

    @ParameterizedTest
    @CsvSource({
        "fl=LAYOUT_IN_SCREEN SECURE HARDWARE_ACCELERATED, true",
        "fl=LAYOUT_IN_SCREEN HARDWARE_ACCELERATED, false",
        "fl=SECURE_X, false",
        "ty=1 fl=#81812100 wanim=0x1030466, true",
        "ty=1 fl=#81810100 wanim=0x1030466, false",
        "ty=BASE_APPLICATION, false"
    })
    void isSecure_readsFlagsOfTheFocusedWindow(String attributes, boolean secure) {
        String dump = "  Window #4 Window{7a u0 StatusBar}:\n    mAttrs={fl=SECURE}\n"
                + "  Window #5 Window{8b2 u0 com.bank/com.bank.Main}:\n    mAttrs={(0,0)(fillxfill)\n      "
                + attributes
                + "\n      pfl=SECURE}\n  Window #6 Window{9c u0 Wallpaper}:\n    mAttrs={fl=SECURE}\n"
                + "  mCurrentFocus=Window{8b2 u0 com.bank/com.bank.Main}\n";

        assertThat(FocusedWindow.isSecure(dump)).isEqualTo(secure);
    }

    /** Patterns that scan the rest of the text from each start would need hours. */
    @ParameterizedTest
    @ValueSource(strings = {"mCurrentFocus= a", "mCurrentFocus=\n", "mFocusedApp=Window{", "a/", "Window #1 Window{"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pattern cannot be interrupted
    void parse_repeatedText_endsInTime(String text) {
        String dump = "mCurrentFocus=Window{" + text.repeat(2_000_000 / text.length());

        assertThat(FocusedWindow.parse(dump)).isNotNull();
        assertThat(FocusedWindow.isSecure(dump)).isFalse();
    }

    @Property
    void parse_anyText_doesNotFail(@ForAll String text) {
        assertThat(FocusedWindow.parse("mCurrentFocus=" + text)).isNotNull();
    }
}
