package dev.steptrail.shipper;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What went wrong in a pass, and the tasks that are left out of the rest of it, so that they hold up no other. Not thread-safe. */
final class PassFailures {
    private final BiConsumer<TaskShipper, Exception> broken;
    private final Set<TaskShipper> leftOut = new HashSet<>();
    private @Nullable ShipException problem;

    /** Work on the folder of a task. */
    @FunctionalInterface
    interface FolderWork {
        void run() throws IOException;
    }

    /**
     * @param broken told of each task whose folder fails
     */
    PassFailures(BiConsumer<TaskShipper, Exception> broken) {
        this.broken = broken;
    }

    /** A pass begins, in which every task has its chance. */
    void begin() {
        leftOut.clear();
        problem = null;
    }

    /** Whether the work was done; if it fails, that costs the task its place. */
    boolean attempt(TaskShipper task, FolderWork work) {
        try {
            work.run();
            return true;
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            fail(task, e);
            return false;
        }
    }

    /** What nobody thought of costs its task alone, and so does a picture too large for the memory there is. */
    void fail(TaskShipper task, Throwable e) {
        leftOut.add(task);
        broken.accept(task, e instanceof Exception thrown ? thrown : new IOException(e.toString(), e));
    }

    /** The task is kept from being delivered by the queue or the bucket. */
    void keep(TaskShipper task, ShipException e) {
        leftOut.add(task);
        problem = problem == null ? e : problem;
    }

    boolean isLeftOut(TaskShipper task) {
        return leftOut.contains(task);
    }

    void removeFrom(Collection<TaskShipper> tasks) {
        tasks.removeIf(leftOut::contains);
    }

    /** @throws ShipException what first kept a task from being delivered, if anything did */
    void throwIfKept() throws ShipException {
        if (problem != null) {
            throw problem;
        }
    }
}
