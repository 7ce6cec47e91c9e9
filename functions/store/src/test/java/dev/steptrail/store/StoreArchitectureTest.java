package dev.steptrail.store;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.Map;

/** Tests that each package of store uses only the packages listed here. */
@AnalyzeClasses(packages = "dev.steptrail.store", importOptions = ImportOption.DoNotIncludeTests.class)
class StoreArchitectureTest {
    private static final Map<String, List<String>> USED_PACKAGES = Map.ofEntries(
            Map.entry("jdbc", List.of()),
            Map.entry("model", List.of("jdbc")),
            Map.entry("admin", List.of("jdbc", "model")),
            Map.entry("statistics", List.of("jdbc", "model", "usage")),
            Map.entry("usage", List.of("jdbc", "admin")),
            Map.entry("experiments", List.of("jdbc", "usage")),
            Map.entry("ingest", List.of("jdbc", "model")),
            Map.entry("insights", List.of("jdbc", "model", "statistics")),
            Map.entry("query", List.of("jdbc", "model", "insights")),
            Map.entry("retention", List.of("jdbc", "model", "admin")),
            Map.entry("judgements", List.of("jdbc", "model", "admin")),
            Map.entry("roles", List.of("jdbc")));

    @ArchTest
    static final ArchRule packages_useOnlyThoseBelow = layers();

    private static ArchRule layers() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : USED_PACKAGES.keySet()) {
            layers = layers.layer(name).definedBy("dev.steptrail.store." + name + "..");
        }
        for (Map.Entry<String, List<String>> used : USED_PACKAGES.entrySet()) {
            LayeredArchitecture.LayerDependencySpecification layer = layers.whereLayer(used.getKey());
            layers = used.getValue().isEmpty()
                    ? layer.mayNotAccessAnyLayer()
                    : layer.mayOnlyAccessLayers(used.getValue().toArray(String[]::new));
        }
        return layers;
    }

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.steptrail.store.(*)..").should().beFreeOfCycles();
}
