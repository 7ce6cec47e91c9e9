package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.Icon;
import dev.steptrail.demophone.state.PhoneState;
import java.util.List;

/** The list of all settings. */
final class SettingsScreen implements Screen {
    private static final double GAP = 36;

    private final PhoneState state;
    private final Navigation navigation;

    SettingsScreen(PhoneState state, Navigation navigation) {
        this.state = state;
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, Theme.GROUND);
        AppBar.draw(canvas, touchables, "设置", navigation);
        double end = ListCard.draw(
                canvas,
                touchables,
                330,
                List.of(empty(Icon.WIFI, "无线网络", "Lab-5G"), empty(Icon.BLUETOOTH, "蓝牙", "已关闭")));
        end = ListCard.draw(
                canvas,
                touchables,
                end + GAP,
                List.of(
                        new ListCard.Row(
                                Icon.SOUND, "声音与振动", "", () -> navigation.open(new SoundScreen(state, navigation))),
                        empty(Icon.DISPLAY, "显示与亮度", ""),
                        empty(Icon.NOTIFICATIONS, "通知", "")));
        ListCard.draw(
                canvas,
                touchables,
                end + GAP,
                List.of(
                        empty(Icon.BATTERY, "电池", "76%"),
                        empty(Icon.SECURITY, "隐私与安全", ""),
                        empty(Icon.APPS, "应用管理", "12 个"),
                        empty(Icon.ABOUT, "关于手机", "")));
    }

    private ListCard.Row empty(Icon icon, String label, String value) {
        return new ListCard.Row(
                icon, label, value, () -> navigation.open(new EmptyScreen(label, icon, "此处没有可更改的选项", navigation)));
    }
}
