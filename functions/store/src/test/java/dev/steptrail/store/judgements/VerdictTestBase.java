package dev.steptrail.store.judgements;

import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Base of tests with verdicts that are set with the login of the API, and with those that ingest writes. */
abstract class VerdictTestBase {
    static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");
    static final Database API = DATABASE.database(FunctionLogin.API);
    static final VerdictRepository VERDICTS = new VerdictRepository(API);
    static final String RESULT = "concat_ws(' ', coalesce(verdict, '-'), coalesce(verdict_source, '-'),"
            + " coalesce(claimed_success::text, '-'), coalesce(success::text, '-'))";

    static NewVerdict human(VerdictValue value) {
        return new NewVerdict(Verdict.SUCCESS, value, null, null, null);
    }

    static NewVerdict automatic(String evaluator, VerdictValue value) {
        return new NewVerdict(Verdict.SUCCESS, value, evaluator, "1", "because");
    }

    static Verdict sent(UUID task, Instant time, String evaluator, Label value) {
        return new Verdict(task, time, Verdict.SUCCESS, value, evaluator, "1", null, Map.of());
    }
}
