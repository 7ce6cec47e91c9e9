package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.state.PhoneState;
import dev.steptrail.demophone.state.Volumes;
import dev.steptrail.demophone.state.Volumes.Stream;

/** The volumes. A media volume over 85 % requires the user to confirm a warning. */
final class SoundScreen implements Screen {
    private static final int HARMFUL_PERCENT = 85;
    private static final double ROW = 236;

    private final Volumes volumes;
    private final Navigation navigation;

    SoundScreen(PhoneState state, Navigation navigation) {
        this.volumes = state.volumes();
        this.navigation = navigation;
    }

    @Override
    public void draw(Canvas canvas, Touchables touchables) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, Theme.GROUND);
        AppBar.draw(canvas, touchables, "声音与振动", navigation);
        canvas.text("音量", 84, 372, Theme.DETAIL);
        double top = 408;
        canvas.rounded(Theme.MARGIN, top, Theme.CARD_WIDTH, ROW * Stream.values().length, 44, Theme.CARD);
        for (Stream stream : Stream.values()) {
            draw(canvas, touchables, top, stream);
            top += ROW;
        }
    }

    private void draw(Canvas canvas, Touchables touchables, double top, Stream stream) {
        int percent = volumes.percent(stream);
        canvas.text(name(stream), 100, top + 88, Theme.BODY);
        canvas.textEndingAt(percent + "%", 980, top + 88, Theme.DETAIL);
        Slider.draw(canvas, touchables, top + 162, percent, wanted -> set(stream, wanted));
    }

    private void set(Stream stream, int percent) {
        if (stream == Stream.MEDIA && percent > HARMFUL_PERCENT && volumes.percent(stream) <= HARMFUL_PERCENT) {
            navigation.open(new Dialog(
                    this, "音量过高提醒", "长时间用很大的音量听声音会损伤听力。仍要调高媒体音量吗？", navigation, () -> volumes.set(stream, percent)));
        } else {
            volumes.set(stream, percent);
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
}
