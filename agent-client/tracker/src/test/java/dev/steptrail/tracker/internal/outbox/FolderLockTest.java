package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.TaskRecords;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    Path folder;

    /** Holds the shipper lock of an outbox and the writer lock of a task until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            Outbox outbox = Outbox.open(Path.of(arguments[0]));
            UUID task = UUID.fromString(arguments[1]);
            try (FolderLock lock = outbox.tryLock().orElseThrow();
                    TaskWriter writer = outbox.newTask(task)) {
                writer.append(new TaskRecords(task).started());
                System.out.println("held");
                Thread.sleep(60_000);
                System.out.println(lock);
            }
        }
    }

    /** Prints whether it can take the shipper lock, or whether a shipper is active. */
    static final class LockChecker {
        public static void main(String[] arguments) throws Exception {
            Outbox outbox = Outbox.open(Path.of(arguments[0]));
            boolean free = arguments.length == 1 ? outbox.tryLock().isPresent() : !outbox.hasActiveShipper();
            System.out.println(free ? "free" : "taken");
        }
    }

    private void assertLockInAnotherProcess(String expected, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(folder.toString()));
        all.addAll(List.of(arguments));
        try (ChildProcess checker = ChildProcess.start(LockChecker.class, all.toArray(String[]::new))) {
            assertThat(checker.line()).isEqualTo(expected);
        }
    }

    @Test
    void locksOfAnotherProcess_areDetected_andFreeOnceItIsKilled() throws Exception {
        Outbox outbox = Outbox.open(folder);
        UUID task = UUID.randomUUID();
        try (ChildProcess holder = ChildProcess.start(Holder.class, folder.toString(), task.toString())) {
            assertThat(holder.line()).isEqualTo("held");

            assertThat(outbox.tryLock()).isEmpty();
            assertThat(outbox.task(task).orElseThrow().hasWriter()).isTrue();
        }
        assertThat(outbox.task(task).orElseThrow().hasWriter()).isFalse();
        try (FolderLock lock = outbox.tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void aLockCheckedByItsOwnProcess_isNotReleased() throws Exception {
        Outbox outbox = Outbox.open(folder);
        try (FolderLock lock = outbox.tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(outbox.tryLock()).isEmpty();
            Path link = Files.createSymbolicLink(folder.resolveSibling(folder.getFileName() + "-link"), folder);
            assertThat(Outbox.open(link).tryLock()).isEmpty();
            Files.delete(link);

            assertLockInAnotherProcess("taken");
        }
        assertLockInAnotherProcess("free");
    }

    /** In an application server, each application loads the tracker with a separate class loader. */
    @Test
    void aLockCheckedByAnotherClassLoader_isNotReleased() throws Exception {
        Outbox outbox = Outbox.open(folder);
        URL classes = FolderLock.class.getProtectionDomain().getCodeSource().getLocation();
        try (FolderLock lock = outbox.tryLock().orElseThrow();
                URLClassLoader other = new URLClassLoader(new URL[] {classes}, null) {
                    @Override
                    protected Class<?> findClass(String name) throws ClassNotFoundException {
                        try {
                            return super.findClass(name);
                        } catch (ClassNotFoundException elsewhere) {
                            return FolderLockTest.class.getClassLoader().loadClass(name);
                        }
                    }
                }) {
            assertThat(lock).isNotNull();
            Class<?> copy = other.loadClass(FolderLock.class.getName());
            assertThat(copy).isNotSameAs(FolderLock.class);
            Method isFree = copy.getDeclaredMethod("isFree", Path.class);
            isFree.setAccessible(true);
            assertThat(isFree.invoke(null, folder.toRealPath().resolve(".lock")))
                    .isEqualTo(false);

            assertLockInAnotherProcess("taken");
        }
        assertThat(outbox.hasActiveShipper()).isFalse();
    }

    @Test
    void aLockThatIsBrieflyHeld_isWaitedFor() throws Exception {
        Path file = folder.resolve("writer.lock");
        FolderLock heldBriefly = FolderLock.tryAcquire(file).orElseThrow();
        CompletableFuture<FolderLock> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return FolderLock.acquire(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Thread.sleep(30);
        assertThat(waiting).isNotDone();
        heldBriefly.close();

        try (FolderLock lock = waiting.get(10, TimeUnit.SECONDS)) {
            assertThat(FolderLock.isFree(file)).isFalse();
            assertThat(lock).isNotNull();
        }
        assertThat(FolderLock.isFree(file)).isTrue();
    }

    @Test
    void concurrentChecks_doNotReportAShipper() throws Exception {
        Path file = Files.createFile(folder.resolve(".lock"));
        try (FileChannel heldBriefly = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(heldBriefly.lock(0, Long.MAX_VALUE, true).isShared()).isTrue();
            assertLockInAnotherProcess("free", "status");
        }
    }

    @Test
    void aLockWithoutAFile_isFree() throws IOException {
        assertThat(FolderLock.isFree(folder.resolve("none"))).isTrue();
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
