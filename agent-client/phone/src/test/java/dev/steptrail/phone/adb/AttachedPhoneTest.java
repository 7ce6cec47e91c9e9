package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AttachedPhoneTest {
    @Test
    void parse_listOfAdb_readsSerialStateAndModel() {
        String list = "emulator-5554          device product:sdk_gphone64 model:sdk_gphone64_x86_64 device:emu64x"
                + " transport_id:1\n"
                + "0A041FDD4003AW         unauthorized usb:1-1 transport_id:2\n"
                + "192.168.1.20:5555      offline transport_id:4\n"
                + "adb-272dda1f-qSVOhb._adb-tls-connect._tcp device product:bixi model:2505APX7BC transport_id:11\n"
                + "????????????           no permissions (user in plugdev group; are your udev rules wrong?); see"
                + " [http://developer.android.com/tools/device.html] usb:1-2 transport_id:3\n"
                + "(no serial number)     recovery transport_id:9\n";

        assertThat(AttachedPhone.parse(list))
                .extracting(AttachedPhone::serial, AttachedPhone::state, AttachedPhone::model, AttachedPhone::usable)
                .containsExactly(
                        tuple("emulator-5554", "device", "sdk_gphone64_x86_64", true),
                        tuple("0A041FDD4003AW", "unauthorized", null, false),
                        tuple("192.168.1.20:5555", "offline", null, false),
                        tuple("adb-272dda1f-qSVOhb._adb-tls-connect._tcp", "device", "2505APX7BC", true),
                        tuple("????????????", "no permissions", null, false),
                        tuple("(no serial number)", "recovery", null, false));
    }

    @Test
    void parse_phoneThatIsNotUsable_hasAdvice() {
        assertThat(AttachedPhone.parse("X unauthorized\nY device\n"))
                .extracting(AttachedPhone::advice)
                .satisfiesExactly(
                        advice -> assertThat(advice).contains("confirm 'Allow USB debugging'"),
                        advice -> assertThat(advice).isNull());
    }

    @Test
    void explain_messageOfTheServer_hasAdvice() {
        assertThat(AttachedPhone.explain(new IOException("device unauthorized.\nThis adb server's …")))
                .startsWith("unauthorized: unlock the phone");
        assertThat(AttachedPhone.explain(new IOException("device 'X' not found")))
                .isEqualTo("not attached; 'steptrail devices' lists the attached phones");
        assertThat(AttachedPhone.explain(new IOException("closed"))).isEqualTo("closed");
    }

    @Property
    void parse_anyText_doesNotFail(@ForAll String text) {
        assertThat(AttachedPhone.parse(text + " device")).hasSizeLessThanOrEqualTo(1);
    }
}
