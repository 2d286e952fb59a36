package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import java.util.Locale;

/**
 * A repository on the hub at one of its revisions.
 *
 * @param id such as "openai-community/gpt2"
 * @param revision a branch, a tag or a commit; a branch may have slashes, such as "refs/convert/parquet"
 */
public record Repository(RepoType type, String id, String revision) {

    /** What a repository holds; huggingface_hub's repo_type. */
    public enum RepoType {
        MODEL,
        DATASET;

        /** The name in the hub's addresses and the cache's folders, such as "models". */
        String plural() {
            return name().toLowerCase(Locale.ROOT) + "s";
        }
    }

    private static final String NAME = "\\w([\\w.-]*\\w)?";

    public Repository {
        boolean named = id.matches(type == RepoType.MODEL ? "(" + NAME + "/)?" + NAME : NAME + "/" + NAME);
        BadArgumentException.unless(
                named && !id.contains("--") && !id.contains(".."),
                "repository",
                id,
                "owner/name, such as \"openai-community/gpt2\"");
        BadArgumentException.unless(
                revision.matches("[^\\s\\p{Cntrl}\\\\~^:?*\\[]+") && isRelative(revision),
                "revision",
                revision,
                "a branch, a tag or a commit, such as \"main\"");
    }

    /**
     * A model's repository.
     *
     * @param reference {@code owner/name} or {@code owner/name@revision}; the revision is {@code main} unless given, and a
     *     few old models, such as {@code gpt2}, have no owner
     */
    public static Repository model(String reference) {
        return of(RepoType.MODEL, reference);
    }

    /** A data set's repository; see {@link #model}. */
    public static Repository dataset(String reference) {
        return of(RepoType.DATASET, reference);
    }

    private static Repository of(RepoType type, String reference) {
        int at = reference.indexOf('@');
        return at < 0
                ? new Repository(type, reference, "main")
                : new Repository(type, reference.substring(0, at), reference.substring(at + 1));
    }

    /** The same repository at another revision. */
    public Repository at(String revision) {
        return new Repository(type, id, revision);
    }

    /** Whether the revision is a commit's whole hash, which never changes its meaning. */
    boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String revision) {
        return revision.matches("[0-9a-f]{40}");
    }

    /** Whether a path with slashes stays within the folder that it is resolved against. */
    static boolean isRelative(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** The path in the hub's addresses: owner and name, after {@code datasets/} for a data set. */
    String path() {
        return type == RepoType.MODEL ? id : type.plural() + "/" + id;
    }

    /** A text such as "openai-community/gpt2@main". */
    @Override
    public String toString() {
        return path() + "@" + revision;
    }
}
