package dev.lorikeet.data.catalogue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.ReadTable;
import dev.lorikeet.data.table.TableFile;
import dev.lorikeet.hub.DownloadException;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.Listing;
import dev.lorikeet.hub.Repository;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * A data set of the hub: the Parquet files into which the hub converts public data sets, else the files of the repository
 * itself.
 *
 * @param repository the revision that the files are from
 * @param cached whether the hub could not be asked, so that only files in the cache are known
 */
public record HubDataset(Repository repository, boolean cached, List<HubSplit> splits) {

    private static final String CONVERTED = "refs/convert/parquet";
    private static final String TRAIN = "train";
    private static final int MOST_NAMED = 20;

    /**
     * Finds the splits of a data set.
     *
     * @param name {@code owner/name}, or {@code owner/name@revision} for the files at that revision
     */
    public static HubDataset find(Hub hub, String name) {
        check(name);
        Repository own = Repository.dataset(name);
        if (name.contains("@")) {
            return ofOwnFiles(hub, own);
        }
        try {
            Repository converted = own.at(CONVERTED);
            Listing listing = hub.list(converted);
            List<HubSplit> splits = HubSplit.ofConverted(listing.files());
            if (!splits.isEmpty()) {
                return new HubDataset(converted, listing.cached(), splits);
            }
        } catch (DownloadException e) {
            // A private or new data set is not converted; the request for its own files tells what else may be wrong.
        }
        return ofOwnFiles(hub, own);
    }

    private static void check(String name) {
        String hint = TableFile.isReadable(name) ? "; a file is read with Datasets.read(\"" + name + "\")" : "";
        BadArgumentException.unless(
                name.matches("[^/\\s]+/[^/\\s@]+(@.+)?") && hint.isEmpty(),
                "data set",
                name,
                "owner/name as the hub has it, such as \"stanfordnlp/imdb\"" + hint);
    }

    private static HubDataset ofOwnFiles(Hub hub, Repository repository) {
        Listing listing = hub.list(repository);
        List<HubSplit> splits = HubSplit.ofFiles(listing.files());
        if (splits.isEmpty()) {
            String held = listing.files().stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
            throw new LorikeetException(
                    repository + " holds no file that can be read (" + TableFile.FORMATS + "); it holds " + held);
        }
        return new HubDataset(repository, listing.cached(), splits);
    }

    /** Selects a split; a single name may also be that of a configuration. */
    public HubSplit select(String splitOrConfiguration) {
        List<String> configurations = configurations();
        boolean isConfiguration = configurations.contains(splitOrConfiguration)
                && splits.stream().noneMatch(split -> split.name().equals(splitOrConfiguration));
        return isConfiguration
                ? select(Optional.of(splitOrConfiguration), Optional.empty())
                : select(Optional.empty(), Optional.of(splitOrConfiguration));
    }

    /**
     * Selects a split.
     *
     * @param configuration unless given, the default or only one
     * @param name unless given, "train" or the only one
     */
    public HubSplit select(Optional<String> configuration, Optional<String> name) {
        String chosen = configuration.orElseGet(this::usualConfiguration);
        if (!configurations().contains(chosen)) {
            throw new UnknownNameException(kind("configuration"), chosen, configurations());
        }
        List<HubSplit> candidates = splits.stream()
                .filter(split -> split.configuration().equals(chosen))
                .toList();
        String wanted =
                name.orElseGet(() -> candidates.size() == 1 ? candidates.get(0).name() : TRAIN);
        return candidates.stream()
                .filter(split -> split.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException(kind("split"), wanted, names(candidates)));
    }

    private String kind(String kind) {
        return cached ? "cached " + kind + " of " + repository.id() : kind + " of " + repository.id();
    }

    private String usualConfiguration() {
        List<String> configurations = configurations();
        if (configurations.size() == 1) {
            return configurations.get(0);
        }
        if (configurations.contains(HubSplit.DEFAULT)) {
            return HubSplit.DEFAULT;
        }
        throw new LorikeetException(
                "%s has several configurations: choose one, as in Datasets.load(\"%1$s\", \"%s\", \"train\"). There are: %s"
                        .formatted(repository.id(), configurations.get(0), String.join(", ", configurations)));
    }

    private List<String> configurations() {
        return splits.stream().map(HubSplit::configuration).distinct().toList();
    }

    private static List<String> names(Collection<HubSplit> splits) {
        return splits.stream().map(HubSplit::name).distinct().toList();
    }

    /** Downloads a split, unless it is in the cache, and prints what was read. */
    public Table load(Hub hub, HubSplit split, PrintStream out) {
        Path folder = hub.fetch(repository, split.files());
        Table whole = null;
        Set<String> notes = new LinkedHashSet<>();
        for (String file : split.files()) {
            ReadTable read = new TableFile(folder.resolve(file), List.of()).read();
            Table part = read.table();
            notes.addAll(read.notes());
            if (whole == null) {
                whole = part;
            } else if (part.columnNames().equals(whole.columnNames())) {
                whole.append(part);
            } else {
                throw new BadFileException(
                        folder.resolve(file),
                        "has the columns " + String.join(", ", part.columnNames()) + "; expected those of "
                                + split.files().get(0) + ": " + String.join(", ", whole.columnNames()));
            }
        }
        List<HubSplit> others = splits.stream()
                .filter(other -> other.configuration().equals(split.configuration()) && !other.equals(split))
                .toList();
        out.println("%s: %s of %s%s, columns %s%s%s."
                .formatted(
                        title(split),
                        Quantities.counted(whole.rowCount(), "row"),
                        split.name(),
                        split.partial() ? " (the first 5 GB, of which the hub makes Parquet files)" : "",
                        String.join(", ", whole.columnNames()),
                        notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")",
                        others.isEmpty() ? "" : "; other splits: " + String.join(", ", names(others))));
        return whole.setName(title(split) + ", " + split.name());
    }

    private String title(HubSplit split) {
        return split.configuration().equals(HubSplit.DEFAULT)
                ? repository.id()
                : repository.id() + " (" + split.configuration() + ")";
    }
}
