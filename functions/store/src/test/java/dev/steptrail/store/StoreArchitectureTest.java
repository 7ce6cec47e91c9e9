package dev.steptrail.store;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Tests that each package of store uses only the packages listed here. */
@AnalyzeClasses(packages = "dev.steptrail.store", importOptions = ImportOption.DoNotIncludeTests.class)
class StoreArchitectureTest {
    @ArchTest
    static final ArchRule packages_useOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("jdbc")
            .definedBy("dev.steptrail.store.jdbc..")
            .layer("model")
            .definedBy("dev.steptrail.store.model..")
            .layer("admin")
            .definedBy("dev.steptrail.store.admin..")
            .layer("statistics")
            .definedBy("dev.steptrail.store.statistics..")
            .layer("insights")
            .definedBy("dev.steptrail.store.insights..")
            .layer("experiments")
            .definedBy("dev.steptrail.store.experiments..")
            .layer("ingest")
            .definedBy("dev.steptrail.store.ingest..")
            .layer("query")
            .definedBy("dev.steptrail.store.query..")
            .layer("retention")
            .definedBy("dev.steptrail.store.retention..")
            .layer("judgements")
            .definedBy("dev.steptrail.store.judgements..")
            .layer("usage")
            .definedBy("dev.steptrail.store.usage..")
            .layer("roles")
            .definedBy("dev.steptrail.store.roles..")
            .whereLayer("jdbc")
            .mayNotAccessAnyLayer()
            .whereLayer("model")
            .mayOnlyAccessLayers("jdbc")
            .whereLayer("admin")
            .mayOnlyAccessLayers("jdbc", "model")
            .whereLayer("statistics")
            .mayOnlyAccessLayers("jdbc", "model", "usage")
            .whereLayer("usage")
            .mayOnlyAccessLayers("jdbc", "admin")
            .whereLayer("experiments")
            .mayOnlyAccessLayers("jdbc", "usage")
            .whereLayer("ingest")
            .mayOnlyAccessLayers("jdbc", "model")
            .whereLayer("insights")
            .mayOnlyAccessLayers("jdbc", "model", "statistics")
            .whereLayer("query")
            .mayOnlyAccessLayers("jdbc", "model", "insights")
            .whereLayer("retention")
            .mayOnlyAccessLayers("jdbc", "model", "admin")
            .whereLayer("judgements")
            .mayOnlyAccessLayers("jdbc", "model", "admin")
            .whereLayer("roles")
            .mayOnlyAccessLayers("jdbc");

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.steptrail.store.(*)..").should().beFreeOfCycles();
}
