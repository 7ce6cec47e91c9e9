package dev.steptrail;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Checks the dependencies between modules and packages. By ArchUnit's default, unmatched rules fail. */
@AnalyzeClasses(
        packages = "dev.steptrail",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** Test classes of other modules that this module's tests use. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String[] AWS = {"software.amazon..", "com.amazonaws.."};
    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.postgresql.."};
    private static final String[] FUNCTIONS = {
        "dev.steptrail.aws..",
        "dev.steptrail.insights..",
        "dev.steptrail.store..",
        "dev.steptrail.archive..",
        "dev.steptrail.ingest..",
        "dev.steptrail.report..",
        "dev.steptrail.viewer..",
        "dev.steptrail.api..",
        "dev.steptrail.export..",
        "dev.steptrail.operations.."
    };
    private static final String[] AGENT_CLIENT = {
        "dev.steptrail.stepformat..", "dev.steptrail.tracker..", "dev.steptrail.shipper..", "dev.steptrail.cli.."
    };

    @ArchTest
    static final ArchRule stepFormat_dependsOnJacksonAlone = classes()
            .that()
            .resideInAPackage("dev.steptrail.stepformat..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.steptrail.stepformat..", "java..", "com.fasterxml.jackson..", "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule tracker_knowsNoAws = noClasses()
            .that()
            .resideInAPackage("dev.steptrail.tracker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(AWS);

    @ArchTest
    static final ArchRule tracker_doesNotKnowTheShipper = noClasses()
            .that()
            .resideInAPackage("dev.steptrail.tracker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.steptrail.shipper..");

    @ArchTest
    static final ArchRule storeAndArchive_callNoAwsThemselves = noClasses()
            .that()
            .resideInAnyPackage("dev.steptrail.store..", "dev.steptrail.archive..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(AWS);

    /** Rules receive the data as parameters, so tests can run them without a database. */
    @ArchTest
    static final ArchRule insights_readNothing = classes()
            .that()
            .resideInAPackage("dev.steptrail.insights..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.steptrail.insights..",
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "java.nio.charset..",
                    "java.text..",
                    "org.jspecify.annotations..");

    /** In addition, the local cloud uses Postgres, and a queue server that stores its messages in H2. */
    @ArchTest
    static final ArchRule sql_isInTheStore = noClasses()
            .that(not(resideInAnyPackage("dev.steptrail.store..", "dev.steptrail.localcloud.servers..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQL);

    /** Rules and verdicts are parsed and judged without files, processes or requests. */
    @ArchTest
    static final ArchRule rulesOfEvaluators_readNothing = noClasses()
            .that()
            .resideInAPackage("dev.steptrail.cli.evaluate..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.file..", "dev.steptrail.cli.api..")
                    .or(assignableTo(Process.class)));

    @ArchTest
    static final ArchRule agentClient_knowsNoFunctions = noClasses()
            .that()
            .resideInAnyPackage(AGENT_CLIENT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FUNCTIONS);

    @ArchTest
    static final ArchRule functions_knowNothingOfTheAgentsMachine_butTheFormat = noClasses()
            .that()
            .resideInAnyPackage(FUNCTIONS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.steptrail.tracker..", "dev.steptrail.shipper..");

    /** A retried rejected message takes the same path as any other message. */
    @ArchTest
    static final ArchRule functions_doNotKnowEachOther_butOperationsKnowsIngest = slices().matching(
                    "dev.steptrail.(ingest|api|export|operations)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    resideInAPackage("dev.steptrail.operations.."), resideInAPackage("dev.steptrail.ingest.."));

    /** A report is generated from data that is passed in, so tests need no store, and any output can receive it. */
    @ArchTest
    static final ArchRule report_readsAndWritesNothing = noClasses()
            .that()
            .resideInAPackage("dev.steptrail.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.file..", "dev.steptrail.aws..");

    /** The files for the browser do not depend on server code. */
    @ArchTest
    static final ArchRule viewer_knowsNobody = classes()
            .that()
            .resideInAPackage("dev.steptrail.viewer..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.steptrail.viewer..", "java..", "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule awsSdk_isCalledOnlyInAwsOperationsAndExport = noClasses()
            .that(resideInAnyPackage(FUNCTIONS)
                    .and(not(resideInAnyPackage(
                            "dev.steptrail.aws..", "dev.steptrail.operations..", "dev.steptrail.export.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule nobody_knowsTheLocalCloud = noClasses()
            .that()
            .resideOutsideOfPackage("dev.steptrail.localcloud..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.steptrail.localcloud..");

    @ArchTest
    static final ArchRule modules_areFreeOfCycles =
            slices().matching("dev.steptrail.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packages_areFreeOfCycles =
            slices().matching("dev.steptrail.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noClass_isADrawer =
            noClasses().should().haveNameMatching(".*(Util|Utils|Manager|Helper|Helpers)(\\$.*)?");
}
