package dev.lorikeet.train.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.lora.ActiveAdapters;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.history.RecordJson;
import dev.lorikeet.train.step.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A checkpoint on disk, written completely or not at all, with a checksum of each file. */
public final class CheckpointFolder {

    private static final String STATE = "state.json";
    private static final String ARRAYS = "training.safetensors";
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,9})");

    /** Writes NaN and infinite losses too, and every digit. */
    private static final Gson GSON = new GsonBuilder()
            .registerTypeAdapterFactory(new RecordJson())
            .serializeSpecialFloatingPointValues()
            .create();

    private CheckpointFolder() {}

    public static Path write(Path parent, CheckpointState state, LanguageModel model, Optimizer optimizer) {
        Path folder = parent.resolve("checkpoint-" + state.step());
        AtomicFolders.write(folder, part -> {
            ActiveAdapters.save(part, model);
            TrainedArrays.write(part.resolve(ARRAYS), model, optimizer);
            AtomicFiles.writeText(part.resolve(STATE), GSON.toJson(state));
            Checksums.write(part);
        });
        return folder;
    }

    /**
     * Checks the checksums of a folder and reads its state.
     *
     * @throws BadFileException if it is damaged
     */
    public static CheckpointState read(Path folder) {
        Checksums.check(folder);
        Path file = folder.resolve(STATE);
        try {
            CheckpointState state = GSON.fromJson(Files.readString(file), CheckpointState.class);
            if (state == null) {
                throw new JsonParseException("it is empty");
            }
            return state;
        } catch (IOException | JsonParseException | IllegalArgumentException e) {
            throw new BadFileException(file, "is not a readable training state: " + e.getMessage(), e);
        }
    }

    public static Path arrays(Path folder) {
        return folder.resolve(ARRAYS);
    }

    public static TrainingCheckpoint checkpoint(Path folder, CheckpointState state) {
        return new TrainingCheckpoint(folder, state.step(), state.loss());
    }

    /** The checkpoints in a folder, including damaged ones, in the order of their steps. */
    public static List<Path> in(Path parent) {
        AtomicFolders.recoverIn(parent);
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
