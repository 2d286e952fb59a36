package dev.lorikeet.train.checkpoint;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.memory.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks before a run that its checkpoints can be written. */
public final class CheckpointSpace {

    private CheckpointSpace() {}

    /**
     * Makes the folder, and checks that a file can be written there and that the disk has room.
     *
     * @param trainedBytes of the trained parameters
     * @throws BadFileException if nothing can be written there
     * @throws BadArgumentException if there is no room for the checkpoints that exist at a time
     */
    public static void check(Checkpoints settings, long trainedBytes) {
        Path folder = settings.folder();
        long free;
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".lorikeet", ".part"));
            free = Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new BadFileException(folder, "no checkpoints can be written there: " + e, e);
        }
        long needed = bytes(settings, trainedBytes);
        BadArgumentException.unless(
                needed <= free,
                "checkpoint folder",
                folder,
                "about %s of free space there, and %s is free; keep(1) keeps fewer checkpoints"
                        .formatted(Quantities.gib(Memory.gib(needed)), Quantities.gib(Memory.gib(free))));
    }

    /**
     * A checkpoint holds the adapter's file and, of each trained parameter, its weights and two moments. Old ones are deleted when
     * the new one is there.
     */
    public static long bytes(Checkpoints settings, long trainedBytes) {
        int atOnce = settings.keep() + 1 + (settings.split().isPresent() ? 1 : 0);
        return 4 * trainedBytes * atOnce;
    }
}
