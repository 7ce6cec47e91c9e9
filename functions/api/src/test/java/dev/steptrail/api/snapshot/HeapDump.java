package dev.steptrail.api.snapshot;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.crac.Core;
import org.crac.Resource;

/** A program that prepares a handler for a snapshot as Lambda does, and dumps its heap. */
final class HeapDump {
    private static String marker;
    private static char[] markerCharacters;

    private HeapDump() {}

    /**
     * Reads the settings from the environment.
     *
     * @param arguments the handler's class, the file, which must not exist, and a marker text that stays on the heap
     */
    public static void main(String[] arguments) throws Exception {
        marker = arguments[2];
        markerCharacters = marker.toCharArray();
        Resource handler =
                (Resource) Class.forName(arguments[0]).getConstructor().newInstance();
        handler.beforeCheckpoint(Core.getGlobalContext());
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(arguments[1], true);
        if (marker.length() != markerCharacters.length) {
            throw new IllegalStateException("the marker was lost");
        }
    }
}
