package dev.steptrail.bench.client;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Jmh;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.agent.AgentBench;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** What recording costs the agent's thread. */
public final class ClientBenchmark implements Benchmark {
    private static final String OURS = "steptrail";

    @Override
    public String name() {
        return "client";
    }

    @Override
    public String description() {
        return "What one call costs the agent's thread, in bursts of " + Bursts.BURST
                + " none of which is refused, by 1 thread and by 4. "
                + "`record` hands over what is ready; `make and record` makes it first, with the same attributes. "
                + AgentBench.DESCRIPTION;
    }

    @Override
    public List<Measurement> run() throws Exception {
        List<Measurement> rows = new ArrayList<>();
        for (int threads : new int[] {1, 4}) {
            String by = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
            Map<String, Double> record = measure("record", threads);
            rows.add(row("record" + by, "BatchSpanProcessor", record, new Bar.AtMost(1.0)));
            rows.add(row("record" + by, "AsyncReporter", record, new Bar.AtMost(1.0)));
            rows.add(row("record" + by, "MPSC", record, new Bar.None()));
            Map<String, Double> make = measure("makeAndRecord", threads);
            rows.add(row("make and record" + by, "BatchSpanProcessor", make, new Bar.AtMost(0.5)));
            rows.add(row("make and record" + by, "AsyncReporter", make, new Bar.None()));
        }
        try (AgentBench agents = new AgentBench()) {
            rows.addAll(agents.run());
        }
        return rows;
    }

    private static Measurement row(String name, String peer, Map<String, Double> nanos, Bar bar) {
        return new Measurement(
                name, peer, nanos.getOrDefault(OURS, Double.NaN), nanos.getOrDefault(peer, Double.NaN), "ns", bar);
    }

    private static Map<String, Double> measure(String method, int threads) throws RunnerException {
        return Jmh.medians(Bursts.class, method, options -> options.threads(threads));
    }
}
