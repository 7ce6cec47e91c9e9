package dev.steptrail.cli.phone;

import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Starts a lab for each test. Unless a test sets {@link #script}, the model taps once and finishes. */
public abstract class PhoneLabTestBase {
    protected static final DemoReply TAP = DemoReply.text("I tap.\ndo(action=\"Tap\", element=[500,309])");
    protected static final DemoReply FINISH = DemoReply.text("Done.\nfinish(message=\"It is done.\")");

    @TempDir
    protected Path folder;

    protected PhoneLab lab;
    protected volatile DemoScript script = DemoScript.perConversation(List.of(TAP, FINISH));

    private final int phoneCount;

    protected PhoneLabTestBase(int phoneCount) {
        this.phoneCount = phoneCount;
    }

    @BeforeEach
    void startLab() throws Exception {
        lab = new PhoneLab(folder, phoneCount, request -> script.reply(request));
    }

    @AfterEach
    void stopLab() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }
}
