package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Icon;
import dev.steptrail.demophone.state.PhoneState;
import java.util.List;
import java.util.function.Supplier;

/**
 * An installed app.
 *
 * @param name below its icon
 * @param packageName such as {@code com.android.settings}
 * @param start creates the app's first screen
 */
public record App(String name, String packageName, Icon icon, Supplier<Screen> start) {

    /** Returns the phone's apps in the order of the home screen. The last four are in the dock. */
    public static List<App> installed(PhoneState state, Navigation navigation) {
        return List.of(
                empty("日历", "com.android.calendar", Icon.CALENDAR, "今天没有日程", navigation),
                empty("时钟", "com.android.deskclock", Icon.CLOCK, "没有闹钟", navigation),
                new App("天气", "com.android.weather", Icon.WEATHER, () -> new WeatherScreen(navigation)),
                new App("备忘录", "com.android.notes", Icon.NOTES, () -> new NotesScreen(state, navigation)),
                empty("相册", "com.android.gallery3d", Icon.GALLERY, "没有照片", navigation),
                empty("音乐", "com.android.music", Icon.MUSIC, "没有歌曲", navigation),
                new App("设置", "com.android.settings", Icon.SETTINGS, () -> new SettingsScreen(state, navigation)),
                empty("通讯录", "com.android.contacts", Icon.CONTACTS, "没有联系人", navigation),
                empty("电话", "com.android.dialer", Icon.PHONE, "没有通话记录", navigation),
                empty("信息", "com.android.messaging", Icon.MESSAGES, "没有会话", navigation),
                empty("浏览器", "com.android.browser", Icon.BROWSER, "没有打开的网页", navigation),
                new App("相机", "com.android.camera2", Icon.CAMERA, CameraScreen::new));
    }

    private static App empty(String name, String packageName, Icon icon, String message, Navigation navigation) {
        return new App(name, packageName, icon, () -> new EmptyScreen(name, icon, message, navigation));
    }
}
