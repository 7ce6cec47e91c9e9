package dev.steptrail.bench.ingest;

import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StoredRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ways to write steps of which some may be there already, beside COPY of those that are not. */
final class Alternatives {
    private static final int ROUNDS = 20;
    private static final int STEPS = 1000;
    private static final int BATCHES = 2;
    private static final double TWICE = 0.01;

    private Alternatives() {}

    static List<Measurement> measure(Postgres postgres, StoredRows rows) throws Exception {
        try (CopyWriter copy = new CopyWriter(postgres, rows);
                LookUpAndCopy lookUpAndCopy = new LookUpAndCopy(postgres, rows);
                InsertFromArrays insertFromArrays = new InsertFromArrays(postgres, rows);
                InsertBatch insertBatch = new InsertBatch(postgres, rows);
                CopyAndInsert copyAndInsert = new CopyAndInsert(postgres, rows)) {
            Map<String, Writer> ways = new LinkedHashMap<>();
            ways.put("look up, COPY the new (ours)", lookUpAndCopy);
            ways.put("INSERT from arrays, RETURNING", insertFromArrays);
            ways.put("INSERT by rewritten batches", insertBatch);
            ways.put("COPY to a temporary table, INSERT", copyAndInsert);
            List<Side> sides = new ArrayList<>();
            sides.add(side(postgres, copy));
            ways.values().forEach(way -> sides.add(side(postgres, way)));
            List<Double> rates = new Contest(postgres).medians(sides, ROUNDS);
            List<Measurement> measured = new ArrayList<>();
            for (String way : ways.keySet()) {
                double rate = rates.get(measured.size() + 1);
                measured.add(new Measurement(
                        "alternative: " + way, IngestCases.COPY, rate, rates.get(0), IngestCases.UNIT, new Bar.None()));
            }
            return measured;
        }
    }

    private static Side side(Postgres postgres, Writer writer) {
        return Side.of(writer, Tasks.begin(postgres, TWICE), STEPS, BATCHES);
    }
}
