package dev.steptrail.demophone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.state.PhoneState.Note;
import dev.steptrail.demophone.state.PhoneState.Stream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.IntBuffer;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SimulatedPhoneTest {
    private final ManualClock clock = new ManualClock(LocalDateTime.parse("2026-05-14T09:41:00"));
    private final SimulatedPhone phone = new SimulatedPhone(clock);

    @Test
    void screenshot_isAPngOf1080By2400WithTheWallpaperBehindWhiteText() throws IOException {
        BufferedImage home = ImageIO.read(new ByteArrayInputStream(phone.screenshot()));

        assertThat(home.getWidth()).isEqualTo(1080);
        assertThat(home.getHeight()).isEqualTo(2400);
        assertThat(home.getRGB(20, 1200) & 0xFFFFFF).isNotEqualTo(0xFFFFFF);
        int[] clockRow = home.getRGB(0, 400, 1080, 1, null, 0, 1080);
        assertThat(Arrays.stream(clockRow).filter(pixel -> pixel == 0xFFFFFFFF).count())
                .isBetween(40L, 400L);
    }

    @Test
    void screenshot_ofTheSameState_isTheSameOnAnotherPhone_untilTheTimeChanges() {
        byte[] before = phone.screenshot();
        assertThat(before).isEqualTo(new SimulatedPhone(clock).screenshot());

        clock.advance(Duration.ofMinutes(1));

        assertThat(phone.screenshot()).isNotEqualTo(before);
    }

    @Test
    void anythingWithoutEffect_keepsTheScreen() {
        IntBuffer home = screen();
        assertThat(phone.launch("航班助手")).as("not installed").isFalse();
        phone.tap(500, 300);
        assertThat(screen()).isEqualTo(home);

        phone.launch("相机");
        IntBuffer camera = screen();
        phone.tap(500, 884);
        assertThat(screen()).as("the shutter never takes a photo").isEqualTo(camera);
    }

    @Test
    void back_returnsToThePreviousScreen_andStaysOnTheHomeScreen() {
        IntBuffer home = screen();
        phone.tap(617, 752);
        IntBuffer settings = screen();
        phone.tap(500, 309);
        assertThat(screen()).isNotEqualTo(settings);

        phone.back();
        assertThat(screen()).isEqualTo(settings);
        phone.back();
        phone.back();
        assertThat(screen()).isEqualTo(home);
    }

    @Test
    void tapOrSwipe_onASlider_movesItThere_butNotBeyondItsEnd() {
        openSound();

        phone.tap(500, 434);

        assertThat(phone.state().volume(Stream.NOTIFICATION)).isEqualTo(50);
        phone.tap(698, 434);
        assertThat(phone.state().volume(Stream.NOTIFICATION)).isEqualTo(75);
        phone.swipe(579, 336, 1000, 336);
        assertThat(phone.state().volume(Stream.RING)).isEqualTo(100);
    }

    @Test
    void swipe_ofMediaToAHarmfulVolume_asksFirst() {
        openSound();
        IntBuffer before = screen();

        phone.swipe(381, 238, 897, 238);
        assertThat(phone.state().volume(Stream.MEDIA)).isEqualTo(35);
        phone.tap(287, 890);
        assertThat(screen()).isEqualTo(before);

        phone.swipe(381, 238, 897, 238);
        phone.tap(300, 532);
        assertThat(phone.state().volume(Stream.ALARM)).as("below the dialog").isEqualTo(80);
        phone.tap(713, 890);
        assertThat(phone.state().volume(Stream.MEDIA)).isEqualTo(100);
    }

    @Test
    void type_withoutFocus_fails() {
        phone.launch("备忘录");
        phone.tap(861, 887);

        assertThat(phone.type("晚安")).isFalse();
    }

    @Test
    void type_intoANewNote_isSavedOnLeavingIt_unlessItIsEmpty() {
        newNote();
        phone.back();
        assertThat(phone.state().notes()).hasSize(2);

        newNote();
        phone.type("带伞\n下午有雨");
        phone.home();

        assertThat(phone.state().notes().get(0)).isEqualTo(new Note("带伞\n下午有雨", "今天 09:41"));
    }

    @Test
    void tap_onTheKeyboard_typesAndErases() {
        newNote();

        phone.tap(50, 690);
        phone.tap(150, 690);
        phone.tap(895, 830);
        phone.back();

        assertThat(phone.state().notes().get(0).text()).isEqualTo("q");
    }

    @Test
    void swipe_onAList_scrollsNoFurtherThanItsEnd() {
        phone.launch("天气");
        IntBuffer top = screen();
        phone.swipe(500, 800, 500, 100);
        IntBuffer bottom = screen();
        assertThat(bottom).isNotEqualTo(top);

        phone.swipe(500, 800, 500, 100);
        assertThat(screen()).isEqualTo(bottom);
        phone.swipe(500, 100, 500, 900);
        assertThat(screen()).isEqualTo(top);
    }

    private void openSound() {
        phone.launch("设置");
        phone.tap(500, 309);
    }

    private void newNote() {
        phone.launch("备忘录");
        phone.tap(861, 887);
        phone.tap(300, 300);
    }

    private IntBuffer screen() {
        return IntBuffer.wrap(phone.image().getRGB(0, 0, 1080, 2400, null, 0, 1080));
    }
}
