package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import java.util.Locale;

/**
 * A repository on the hub at one of its revisions.
 *
 * @param id such as "openai-community/gpt2"
 * @param revision a branch, a tag or a commit; branches may have slashes, as "refs/convert/parquet" has
 */
public record Repository(Kind kind, String id, String revision) {

    /** What a repository holds. */
    public enum Kind {
        MODEL,
        DATASET;

        /** As the hub's addresses and the cache's folders name it. */
        String plural() {
            return name().toLowerCase(Locale.ROOT) + "s";
        }
    }

    private static final String NAME = "\\w([\\w.-]*\\w)?";

    public Repository {
        boolean named = id.matches(kind == Kind.MODEL ? "(" + NAME + "/)?" + NAME : NAME + "/" + NAME);
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
        return of(Kind.MODEL, reference);
    }

    /** A data set's repository; see {@link #model}. */
    public static Repository dataset(String reference) {
        return of(Kind.DATASET, reference);
    }

    private static Repository of(Kind kind, String reference) {
        int at = reference.indexOf('@');
        return at < 0
                ? new Repository(kind, reference, "main")
                : new Repository(kind, reference.substring(0, at), reference.substring(at + 1));
    }

    /** The same repository at another revision. */
    public Repository at(String revision) {
        return new Repository(kind, id, revision);
    }

    /** Whether the revision is a commit's whole hash, which never comes to mean another one. */
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

    /** As the hub's addresses name it: the owner and name, after {@code datasets/} for a data set. */
    String path() {
        return kind == Kind.MODEL ? id : kind.plural() + "/" + id;
    }

    /** Such as "openai-community/gpt2@main". */
    @Override
    public String toString() {
        return path() + "@" + revision;
    }
}
