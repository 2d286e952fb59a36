package dev.lorikeet.weights;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.file.AtomicFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Splits a model's tensors into files of limited size, in their order, as Hugging Face's tools do. */
record Shards(List<List<NewTensor>> parts) {

    static final String WHOLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Fills files up to the limit; a tensor larger than that gets a file of its own. */
    static Shards of(List<NewTensor> tensors, long limit) {
        BadArgumentException.unless(limit > 0, "largest file", limit, "a number of bytes above 0");
        List<List<NewTensor>> parts = new ArrayList<>();
        List<NewTensor> current = new ArrayList<>();
        long size = 0;
        for (NewTensor tensor : tensors) {
            if (tensor.bytes() > limit) {
                parts.add(List.of(tensor));
                continue;
            }
            if (size + tensor.bytes() > limit) {
                parts.add(current);
                current = new ArrayList<>();
                size = 0;
            }
            current.add(tensor);
            size += tensor.bytes();
        }
        if (!current.isEmpty()) {
            parts.add(current);
        }
        return new Shards(parts);
    }

    /** Writes the files; the result lists them, an index last. */
    List<Path> write(Path folder, Map<String, String> metadata) {
        List<Path> files = new ArrayList<>();
        Map<String, String> places = new TreeMap<>();
        long total = 0;
        for (int i = 0; i < parts.size(); i++) {
            String name = parts.size() == 1 ? WHOLE : "model-%05d-of-%05d.safetensors".formatted(i + 1, parts.size());
            SafetensorsWriter.write(folder.resolve(name), parts.get(i), metadata);
            files.add(folder.resolve(name));
            parts.get(i).forEach(tensor -> places.put(tensor.name(), name));
            total += parts.get(i).stream().mapToLong(NewTensor::bytes).sum();
        }
        if (parts.size() > 1) {
            AtomicFiles.writeText(folder.resolve(INDEX), index(places, total));
            files.add(folder.resolve(INDEX));
        }
        return files;
    }

    private static String index(Map<String, String> places, long total) {
        JsonObject about = new JsonObject();
        about.addProperty("total_size", total);
        JsonObject map = new JsonObject();
        places.forEach(map::addProperty);
        JsonObject index = new JsonObject();
        index.add("metadata", about);
        index.add("weight_map", map);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(index) + "\n";
    }
}
