package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code steptrail agents} and {@code steptrail rejected}: permissions and errors. */
class AdminCommandsIT {
    private static final String SENDER = "AROAEXAMPLE:ann@example.com";

    private final CloudProcess cloud = CloudProcess.shared();
    private final Terminal admin = Terminal.ofAdmin(cloud);

    @Test
    void senderIdWithColonAndAt_isRegistered_listed_andRemoved() throws Exception {
        assertThat(admin.does("agents", "add", SENDER, "--owner", "ann", "--on-behalf-of", "bob,*"))
                .containsExactly("registered " + SENDER + " for ann");
        assertThat(admin.does("agents", "list"))
                .anyMatch(line -> line.matches("OWNER +ON BEHALF OF +SENDER ID"))
                .anyMatch(line -> line.matches("ann +bob,\\* +" + SENDER));
        assertThat(admin.does("agents", "remove", SENDER)).containsExactly("removed " + SENDER);
    }

    @Test
    void retryOfMissingIds_reportsEachId() throws Exception {
        Program.Result result = admin.tries("rejected", "retry", "999999998", "999999999");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .hasSize(2)
                .last()
                .isEqualTo(
                        "steptrail: 999999999: No rejected message has the id \"999999999\". It may have been retried or"
                                + " discarded.");
    }

    @Test
    void nonAdmin_getsAnErrorThatExplainsIt() throws Exception {
        Program.Result result = Terminal.of(cloud, cloud.api().token()).tries("agents", "list");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .singleElement()
                .asString()
                .startsWith("steptrail: STEPTRAIL_TOKEN does not belong to an admin; get an admin's token");
        assertThat(result.out()).isEmpty();
    }
}
