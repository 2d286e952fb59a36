package dev.lorikeet.base;

import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.AtomicFolders;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that writes a file, a folder, and two files of a folder over and over again, until it is killed. */
final class KilledWrites {

    static final String WRITTEN = "written";
    static final List<String> FILES = List.of("matrices.bin", "settings.json");

    /** Some pages, so that a kill may come in the middle. */
    static final int LINES = 3000;

    private KilledWrites() {}

    public static void main(String[] arguments) {
        Path home = Path.of(arguments[0]);
        for (int version = Integer.parseInt(arguments[1]); ; version++) {
            String text = (version + "\n").repeat(LINES);
            AtomicFiles.writeText(home.resolve("file"), text);
            AtomicFolders.write(home.resolve("folder"), part -> fill(part, text));
            AtomicFolders.update(home.resolve("files"), part -> fill(part, text));
            System.out.println(WRITTEN);
        }
    }

    private static void fill(Path folder, String text) {
        FILES.forEach(name -> AtomicFiles.writeText(folder.resolve(name), text));
    }
}
