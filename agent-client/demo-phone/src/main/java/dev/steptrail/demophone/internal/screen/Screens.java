package dev.steptrail.demophone.internal.screen;

import static dev.steptrail.demophone.internal.screen.Layout.BODY;
import static dev.steptrail.demophone.internal.screen.Layout.CARD_WIDTH;
import static dev.steptrail.demophone.internal.screen.Layout.DETAIL;
import static dev.steptrail.demophone.internal.screen.Layout.GROUND;
import static dev.steptrail.demophone.internal.screen.Layout.HEIGHT;
import static dev.steptrail.demophone.internal.screen.Layout.INK;
import static dev.steptrail.demophone.internal.screen.Layout.LIST_TOP;
import static dev.steptrail.demophone.internal.screen.Layout.MARGIN;
import static dev.steptrail.demophone.internal.screen.Layout.MUTED;
import static dev.steptrail.demophone.internal.screen.Layout.TITLE;
import static dev.steptrail.demophone.internal.screen.Layout.WIDTH;
import static java.awt.Color.WHITE;

import dev.steptrail.demophone.internal.screen.Layout.Card;
import dev.steptrail.demophone.state.PhoneState;
import dev.steptrail.demophone.state.PhoneState.Note;
import dev.steptrail.demophone.state.PhoneState.Stream;
import java.awt.Color;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The screens of the phone's system and of its apps. */
public final class Screens {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("M月d日 EEEE", Locale.SIMPLIFIED_CHINESE);
    private static final Color WALLPAPER = new Color(0x3A4C78);
    private static final Color AMBER = new Color(0xD69E00);
    private static final Color ORANGE = new Color(0xE07A10);
    private static final int HARMFUL_PERCENT = 85;

    private static final List<Setting> SETTINGS = List.of(
            new Setting(330, "无线网络", "Lab-5G", new Color(0x2F7DF0)),
            new Setting(480, "蓝牙", "已关闭", new Color(0x3B5BDB)),
            new Setting(666, "声音与振动", "", ORANGE),
            new Setting(816, "显示与亮度", "", new Color(0xB7791F)),
            new Setting(966, "通知", "", new Color(0xD93F44)),
            new Setting(1152, "电池", "76%", new Color(0x22A55B)),
            new Setting(1302, "隐私与安全", "", new Color(0x12A594)),
            new Setting(1452, "应用管理", "12 个", new Color(0x7C4DFF)),
            new Setting(1602, "关于手机", "", new Color(0x5F6B7C)));

    private static final List<Forecast> FORECASTS = List.of(
            new Forecast("北京", 27, "晴", "17° / 30°", "紫外线较强，出门请防晒"),
            new Forecast("上海", 22, "小雨", "19° / 24°", "有小雨，出门请带伞"),
            new Forecast("杭州", 24, "多云", "18° / 27°", "早晚偏凉，可加一件外套"),
            new Forecast("广州", 29, "雷阵雨", "25° / 32°", "午后有雷阵雨，留意积水"),
            new Forecast("成都", 21, "阴", "17° / 23°", "空气潮湿，适合在室内活动"),
            new Forecast("西安", 26, "晴", "15° / 29°", "空气干燥，请多喝水"),
            new Forecast("哈尔滨", 18, "多云", "9° / 21°", "昼夜温差大，注意保暖"),
            new Forecast("昆明", 23, "晴", "14° / 25°", "天气舒适，适合户外活动"),
            new Forecast("拉萨", 16, "晴", "6° / 20°", "紫外线很强，请戴墨镜"));

    private final PhoneState state;
    private final Navigation navigation;

    private record Setting(double y, String name, String value, Color color) {}

    private record Forecast(String city, int degrees, String sky, String range, String advice) {}

    public Screens(PhoneState state, Navigation navigation) {
        this.state = state;
        this.navigation = navigation;
    }

    /** Returns the phone's apps in the order of the home screen. The last four are in the dock. */
    public List<App> apps() {
        return List.of(
                emptyApp("日历", "com.android.calendar", 0xD93F44, "今天没有日程"),
                emptyApp("时钟", "com.android.deskclock", 0x1B1E2E, "没有闹钟"),
                new App("天气", "com.android.weather", new Color(0x2F7DF0), this::weather),
                new App("备忘录", "com.android.notes", AMBER, this::notes),
                emptyApp("相册", "com.android.gallery3d", 0x7C4DFF, "没有照片"),
                emptyApp("音乐", "com.android.music", 0xD6307A, "没有歌曲"),
                new App("设置", "com.android.settings", new Color(0x5F6B7C), this::settings),
                emptyApp("通讯录", "com.android.contacts", 0xD9620F, "没有联系人"),
                emptyApp("电话", "com.android.dialer", 0x22A55B, "没有通话记录"),
                emptyApp("信息", "com.android.messaging", 0x12A594, "没有会话"),
                emptyApp("浏览器", "com.android.browser", 0x3B6FE0, "没有打开的网页"),
                new App("相机", "com.android.camera2", new Color(0x1F2937), this::camera));
    }

    /** Returns the home screen: time, date, and the apps' icons in rows of four, the last row in the dock. */
    public Screen home(List<App> apps) {
        return new Screen(layout -> {
            layout.ground(WALLPAPER);
            layout.centered(TIME.format(state.now()), WIDTH / 2.0, 470, 216, WHITE);
            layout.centered(DATE.format(state.now()), WIDTH / 2.0, 562, BODY, WHITE);
            layout.box(36, 2022, WIDTH - 72.0, 292, new Color(0x566691));
            for (int i = 0; i < apps.size(); i++) {
                App app = apps.get(i);
                double center = 163 + i % 4 * 251.5;
                double top = i / 4 == 2 ? 2054 : 1440 + i / 4 * 282;
                layout.icon(app.name(), center - 82, top, 164, app.color());
                layout.centered(app.name(), center, top + 216, 36, WHITE);
                layout.button(center - 110, top - 16, 220, 260, "", () -> navigation.launch(app));
            }
        });
    }

    /** Returns what a locked phone shows. Nothing on it reacts to touches. */
    public Screen lock() {
        return new Screen(layout -> {
            layout.ground(WALLPAPER);
            layout.centered(TIME.format(state.now()), WIDTH / 2.0, 620, 216, WHITE);
            layout.centered("输入密码以解锁", WIDTH / 2.0, 2180, BODY, WHITE);
        });
    }

    /** Returns what the phone adds to every screen: the status bar and the gesture bar. */
    public static List<Element> systemBars(LocalDateTime now) {
        Layout layout = new Layout();
        layout.picture(TIME.format(now), 118, 84, 42, WHITE);
        layout.picture("5G", 900, 84, DETAIL, WHITE);
        layout.picture("76%", 990, 84, DETAIL, WHITE);
        layout.box(WIDTH / 2.0 - 170, HEIGHT - 40, 340, 11, new Color(0x9AA1AE));
        return layout.elements();
    }

    private App emptyApp(String name, String packageName, int color, String message) {
        Color iconColor = new Color(color);
        return new App(name, packageName, iconColor, () -> empty(name, iconColor, message));
    }

    /** An app, or a page of the settings, that has nothing to show. */
    private Screen empty(String title, Color color, String message) {
        return app(title, layout -> {
            layout.icon(title, WIDTH / 2.0 - 110, 900, 220, color);
            layout.centered(message, WIDTH / 2.0, 1230, BODY, MUTED);
        });
    }

    private Screen app(String title, Consumer<Layout> content) {
        return new Screen(layout -> {
            layout.ground(GROUND);
            layout.appBar(title, navigation::back);
            content.accept(layout);
        });
    }

    private Screen settings() {
        return app(
                "设置",
                layout -> SETTINGS.forEach(setting -> layout.row(
                        setting.y(),
                        setting.name(),
                        setting.value(),
                        setting.color(),
                        () -> navigation.open(page(setting)))));
    }

    private Screen page(Setting setting) {
        return setting.name().equals("声音与振动") ? sound() : empty(setting.name(), setting.color(), "此处没有可更改的选项");
    }

    /** The volumes. A media volume over 85 % requires the user to confirm a warning. */
    private Screen sound() {
        return app("声音与振动", layout -> {
            layout.text("音量", 84, 372, DETAIL, MUTED);
            layout.box(MARGIN, 408, CARD_WIDTH, 236.0 * Stream.values().length, WHITE);
            double top = 408;
            for (Stream stream : Stream.values()) {
                int percent = state.volume(stream);
                layout.text(name(stream), 100, top + 88, BODY, INK);
                layout.endingAt(percent + "%", 980, top + 88, DETAIL, MUTED);
                layout.slider(top + 162, percent, wanted -> set(stream, wanted));
                top += 236;
            }
        });
    }

    private void set(Stream stream, int percent) {
        if (stream == Stream.MEDIA && percent > HARMFUL_PERCENT && state.volume(stream) <= HARMFUL_PERCENT) {
            navigation.open(
                    dialog(sound(), "音量过高提醒", "长时间用很大的音量听声音会损伤听力。仍要调高媒体音量吗？", () -> state.setVolume(stream, percent)));
        } else {
            state.setVolume(stream, percent);
        }
    }

    private static String name(Stream stream) {
        return switch (stream) {
            case MEDIA -> "媒体";
            case RING -> "来电铃声";
            case NOTIFICATION -> "通知";
            case ALARM -> "闹钟";
        };
    }

    /** A modal dialog over a darkened screen, which accepts no touches until the dialog is closed. */
    private Screen dialog(Screen asking, String title, String text, Runnable confirmed) {
        return new Screen(layout -> {
            layout.addAll(asking.elements().stream().map(Element::asPicture).toList());
            layout.ground(new Color(0, 0, 0, 120));
            layout.box(36, 1580, WIDTH - 72.0, 700, WHITE);
            layout.centered(title, WIDTH / 2.0, 1706, TITLE, INK);
            double baseline = 1810;
            for (String line : Layout.lines(text, WIDTH - 216.0, BODY)) {
                layout.text(line, 108, baseline, BODY, INK);
                baseline += 68;
            }
            layout.labelled(96, 2068, 428, 136, "取消", GROUND, INK, navigation::back);
            layout.labelled(556, 2068, 428, 136, "确定", Layout.ACCENT, WHITE, () -> {
                confirmed.run();
                navigation.back();
            });
        });
    }

    private Screen weather() {
        return app(
                "天气",
                layout -> layout.list(
                        LIST_TOP,
                        FORECASTS.stream()
                                .map(city -> new Card(
                                        city.city(),
                                        city.sky() + "   " + city.range(),
                                        city.degrees() + "°",
                                        () -> navigation.open(weather(city))))
                                .toList()));
    }

    private Screen weather(Forecast city) {
        return app("天气", layout -> {
            layout.centered(city.city(), WIDTH / 2.0, 520, 78, INK);
            layout.centered(city.degrees() + "°", WIDTH / 2.0, 800, 216, INK);
            layout.centered(city.sky() + "   " + city.range(), WIDTH / 2.0, 920, BODY, INK);
            layout.centered(city.advice(), WIDTH / 2.0, 1010, BODY, MUTED);
        });
    }

    private Screen notes() {
        return app("备忘录", layout -> {
            List<Card> cards = new ArrayList<>();
            for (Note note : state.notes()) {
                String[] lines = note.text().split("\n", 2);
                String rest = lines.length > 1 ? lines[1].replace('\n', ' ') : "没有更多内容";
                cards.add(new Card(lines[0], rest + "   " + note.changed(), "", null));
            }
            layout.list(LIST_TOP, cards);
            layout.box(840, 2040, 180, 180, AMBER);
            layout.picture("+", 930, 2166, 110, WHITE);
            layout.button(840, 2040, 180, 180, "新建备忘", () -> navigation.open(newNote()));
        });
    }

    /** A new note. A tap on the page focuses it and shows the keyboard; leaving the screen saves the text. */
    private Screen newNote() {
        TextField page = new TextField();
        return new Screen(
                layout -> {
                    layout.ground(WHITE);
                    layout.appBar("新备忘", navigation::back);
                    layout.endingAt("完成", 1010, 235, BODY, WHITE);
                    layout.button(860, 150, 200, 130, "", navigation::back);
                    layout.text("今天 " + TIME.format(state.now()), 72, 356, DETAIL, MUTED);
                    layout.field(380, "写点什么…", page);
                },
                () -> {
                    if (!page.text().isBlank()) {
                        state.addNote(new Note(page.text(), "今天 " + TIME.format(state.now())));
                    }
                });
    }

    /** The camera, whose shutter is broken and never fires. */
    private Screen camera() {
        return app("相机", layout -> {
            layout.box(MARGIN, 360, CARD_WIDTH, 1400, new Color(0xC9D3DE));
            layout.centered("拍照", WIDTH / 2.0, 1904, BODY, INK);
            layout.box(448, 2030, 184, 184, new Color(0xD93F44));
            layout.button(420, 2002, 240, 240, "快门", () -> {});
        });
    }
}
