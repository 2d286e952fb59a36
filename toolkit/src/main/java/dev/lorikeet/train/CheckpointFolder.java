package dev.lorikeet.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.AtomicFolders;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.lora.ActiveAdapters;
import dev.lorikeet.model.LanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One checkpoint on disk, written whole or not at all, with the sum of each file so that damage shows. */
final class CheckpointFolder {

    private static final String STATE = "state.json";
    private static final String ARRAYS = "training.safetensors";
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,9})");

    /** A loss may be no number, and is to come back to the last digit. */
    private static final Gson GSON = new GsonBuilder()
            .registerTypeAdapterFactory(new RecordJson())
            .serializeSpecialFloatingPointValues()
            .create();

    private CheckpointFolder() {}

    static Path write(Path parent, RunState state, LanguageModel model, Optimizer optimizer) {
        Path folder = parent.resolve("checkpoint-" + state.step());
        AtomicFolders.write(folder, part -> {
            ActiveAdapters.save(part, model);
            TrainedArrays.write(part.resolve(ARRAYS), model, optimizer);
            AtomicFiles.writeText(part.resolve(STATE), GSON.toJson(state));
            FileSums.write(part);
        });
        return folder;
    }

    /**
     * What a folder says, once all of it was found to be as it was written.
     *
     * @throws BadFileException if it is damaged
     */
    static RunState read(Path folder) {
        FileSums.check(folder);
        Path file = folder.resolve(STATE);
        try {
            return GSON.fromJson(Files.readString(file), RunState.class);
        } catch (IOException | JsonParseException e) {
            throw new BadFileException(file, "is not a readable state of a run: " + e.getMessage(), e);
        }
    }

    static Path arrays(Path folder) {
        return folder.resolve(ARRAYS);
    }

    static Checkpoint checkpoint(Path folder, RunState state) {
        return new Checkpoint(folder, state.step(), state.loss());
    }

    /** The checkpoints in a folder, damaged ones included, by their number of steps. */
    static List<Path> in(Path parent) {
        try (Stream<Path> children = Files.isDirectory(parent) ? Files.list(parent) : Stream.empty()) {
            return children.filter(Files::isDirectory)
                    .filter(child -> step(child) >= 0)
                    .sorted(Comparator.comparingInt(CheckpointFolder::step))
                    .toList();
        } catch (IOException e) {
            throw new BadFileException(parent, "could not be read: " + e.getMessage(), e);
        }
    }

    private static int step(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }
}
