package dev.lorikeet.text;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.BpeFiles;
import dev.lorikeet.text.format.ConfiguredIds;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.TokenizerJson;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Loads tokenizers from folders, files and GGUF metadata. */
public final class Tokenizers {

    /** The files that are looked for in a folder, in this order. */
    private static final List<String> FILES =
            List.of("tokenizer.json", "vocab.json", "encoder.json", "tokenizer.model");

    private Tokenizers() {}

    /**
     * The tokenizer of a model's folder: {@code tokenizer.json}, else {@code vocab.json} with {@code merges.txt}, else
     * {@code encoder.json} with {@code vocab.bpe}, else {@code tokenizer.model}.
     *
     * @throws BadFileException if there is none, or it is damaged or of a kind that is not supported
     */
    public static Tokenizer fromFolder(Path folder) {
        return find(folder)
                .map(Tokenizers::fromFile)
                .orElseThrow(() -> new BadFileException(
                        folder,
                        "holds no tokenizer: expected one of " + String.join(", ", FILES) + "; there "
                                + contents(folder)));
    }

    /**
     * The tokenizer in a {@code tokenizer.json}, in GPT-2's pair of files, given the vocabulary (its merges lie beside
     * it), in a SentencePiece {@code .model}, or in a GGUF file. Configuration files beside one of the usual name say which
     * tokens are special and how chats are written.
     *
     * @throws BadFileException if the file is missing, damaged or of a kind that is not supported
     */
    public static Tokenizer fromFile(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".gguf")) {
            try (TensorFile gguf = TensorFile.open(file)) {
                return fromGguf(gguf.metadata(), file);
            }
        }
        // Under another name the file was moved away from the model that its neighbours describe.
        Optional<Path> folder =
                FILES.contains(name) ? Optional.of(file.toAbsolutePath().getParent()) : Optional.empty();
        ChatTemplates templates = folder.map(ChatTemplates::in).orElse(ChatTemplates.none(file.toString()));
        if (name.endsWith(".model")) {
            return SentencePieceTokenizer.read(file, folder, templates);
        }
        if (!name.endsWith(".json")) {
            throw new BadFileException(
                    file,
                    "is not a tokenizer that can be read; expected a tokenizer.json, vocab.json, tokenizer.model or .gguf file");
        }
        TokenizerJson tokenizer = json(file);
        SpecialIds special = folder.map(beside -> ConfiguredIds.in(beside, tokenizer.vocabulary()))
                .orElse(SpecialIds.UNKNOWN)
                .orUsual(tokenizer.vocabulary(), tokenizer::isSpecial);
        return LibraryTokenizer.of(
                tokenizer, special, own -> folder.map(own::configured).orElse(own), templates, file);
    }

    /**
     * The tokenizer in a GGUF file's metadata.
     *
     * @param metadata all keys and values; arrays as Java arrays or lists
     * @param forErrors the file that the metadata is from
     * @throws BadFileException if it is neither byte-level BPE nor SentencePiece's, or its pre-tokenizer is not known
     */
    public static Tokenizer fromGguf(Map<String, Object> metadata, Path forErrors) {
        GgufTokenizer gguf = new GgufTokenizer(metadata, forErrors);
        ChatTemplates templates = ChatTemplates.ofGguf(metadata, forErrors);
        if (gguf.isSentencePiece()) {
            return SentencePieceTokenizer.of(gguf, templates, forErrors);
        }
        TokenizerJson tokenizer = gguf.read();
        SpecialIds special = gguf.special(tokenizer.vocabulary());
        LibraryTokenizer made =
                LibraryTokenizer.of(tokenizer, special, own -> gguf.policy(gguf.usualPolicy()), templates, forErrors);
        gguf.assumption().ifPresent(System.out::println);
        return made;
    }

    /** GPT-2's tokenizer, from the vocabulary inside the jar: 50,257 tokens, {@code <|endoftext|>} is 50256. */
    public static Tokenizer gpt2() {
        return new Gpt2Tokenizer();
    }

    /** Whether a tokenizer is the one inside the jar, which needs no files. */
    public static boolean isInJar(Tokenizer tokenizer) {
        return tokenizer instanceof Gpt2Tokenizer;
    }

    /** A {@code tokenizer.json}, or GPT-2's pair of files in that form. */
    static TokenizerJson json(Path file) {
        Optional<Path> merges = BpeFiles.mergesOf(file);
        return merges.isPresent() ? BpeFiles.read(file, merges.get()) : TokenizerJson.read(file);
    }

    static Optional<Path> find(Path folder) {
        return FILES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    private static String contents(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            return names.isEmpty()
                    ? "is nothing"
                    : "are " + names.stream().sorted().limit(20).collect(Collectors.joining(", "));
        } catch (IOException e) {
            return "is no such folder";
        }
    }
}
