package dev.lorikeet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation refers to what there is: files, headings, environment variables, and the repository's address. */
class DocsTest {

    private static final Path ROOT = TestData.checkout();

    private static final int MOST_LINES_OF_THE_README = 130;

    /** Targets of Markdown's links and pictures, without titles, and of HTML's. */
    private static final Pattern LINK =
            Pattern.compile("\\]\\(<?([^()\\s>]+)>?(?:\\s+\"[^\"]*\")?\\)|\\b(?:src|href)=\"([^\"]+)\"");

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");

    private static final Pattern CODE = Pattern.compile(FENCE.pattern() + "|`[^`\\n]+`");

    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");

    private static final Pattern ANCHOR = Pattern.compile("\\b(?:id|name)=\"([^\"]+)\"");

    private static final Pattern VARIABLE = Pattern.compile("\\bLORIKEET_[A-Z][A-Z_]*[A-Z]\\b");

    private static final Pattern ADDRESS = Pattern.compile("<repository\\.address>(.*?)</repository\\.address>");

    private static final Pattern BADGE = Pattern.compile("\\[!\\[[^\\]]*\\]\\([^)]*\\)\\]\\(([^)]*)\\)");

    private static final Pattern REPOSITORY = Pattern.compile("https://github\\.com/[\\w-]+/lorikeet\\b");

    @Test
    void everyRelativeLinkPointsToSomething() throws IOException {
        List<Path> pages = pages(ROOT);
        assertTrue(pages.size() > 20, "pages were found: " + pages);
        assertEquals(List.of(), deadLinks(pages));
    }

    @Test
    void everyVariableIsDocumented() throws IOException {
        Set<String> used = new TreeSet<>();
        for (String folder : List.of("toolkit/src/main", "toolkit/cli/src/main", "binder")) {
            used.addAll(variables(files(ROOT.resolve(folder), "")));
        }
        used.addAll(variables(files(ROOT.resolve("notebooks"), ".ipynb")));
        assertTrue(used.size() > 5, "variables were found: " + used);
        assertEquals(Set.of(), undocumented(used, Files.readString(ROOT.resolve("docs/environment.md"))));
    }

    @Test
    void theReadmeIsShort() throws IOException {
        int lines = Files.readAllLines(ROOT.resolve("README.md")).size();
        assertTrue(lines <= MOST_LINES_OF_THE_README, "README.md has " + lines + " lines");
    }

    @Test
    void everyPageOfTheDocsIsInTheSite() throws IOException {
        String site = Files.readString(ROOT.resolve("docs/mkdocs.yml"));
        Path docs = ROOT.resolve("docs");
        assertEquals(
                List.of(),
                files(docs, ".md").stream()
                        .map(page -> docs.relativize(page).toString())
                        .filter(page -> !site.contains(": " + page + "\n"))
                        .toList());
    }

    @Test
    void badgesAndAddressesFollowThePom() throws IOException {
        String address = first(ADDRESS, Files.readString(ROOT.resolve("pom.xml")));
        assertEquals(List.of(), otherAddresses(pages(ROOT), address), "docs/address writes them");
        assertEquals(
                List.of(),
                badgesAstray(Files.readString(ROOT.resolve("README.md")), address),
                "docs/address writes them");
    }

    @Test
    void theChecksFindWhatTheyLookFor(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(
                folder.resolve("README.md"),
                """
                # A page
                [here](#a-page) [there](other.md#of-2) [web](https://example.org/none) `[code](none.md)`
                [gone](none.md) [no heading](#none) [no heading there](other.md#none) ![picture](none.png "Title")
                <img src="none.svg"> https://github.com/somebody/lorikeet
                ```text
                [code](none.md)
                ```
                """);
        Files.writeString(folder.resolve("other.md"), "## `Of` [2](README.md)\nLORIKEET_NEW and LORIKEET_OLD_");
        Path notebook = Files.createDirectories(folder.resolve("notebooks")).resolve("n.ipynb");
        Files.writeString(
                notebook,
                """
                {"cells": [{"cell_type": "markdown", "source": ["# My Part\\n", "[x](#My-Part) [y](../gone.md)"]},
                           {"cell_type": "code", "source": ["// [z](../gone.md)"]}]}
                """);

        assertEquals(
                List.of(
                        "README.md: none.md",
                        "README.md: #none",
                        "README.md: other.md#none",
                        "README.md: none.png",
                        "README.md: none.svg",
                        "n.ipynb: ../gone.md"),
                deadLinks(pages(folder)));
        assertEquals(Set.of("LORIKEET_NEW"), variables(files(folder, "")));
        assertEquals(Set.of("LORIKEET_NEW"), undocumented(Set.of("LORIKEET_NEW"), "`LORIKEET_NEWER`"));
        assertEquals(
                List.of("README.md: https://github.com/somebody/lorikeet"),
                otherAddresses(List.of(page), "https://github.com/OWNER/lorikeet"));
        String badge = "[![Binder](logo.svg)](https://mybinder.org/v2/gh/me/lorikeet/HEAD)";
        assertEquals(List.of(), badgesAstray(badge, "https://github.com/me/lorikeet"));
        assertEquals(1, badgesAstray(badge, "https://github.com/you/lorikeet").size());
        assertEquals(1, badgesAstray(badge, "https://github.com/OWNER/lorikeet").size());
    }

    /** The pages of Markdown at the top and in docs and datasets, and the notebooks. */
    private static List<Path> pages(Path root) throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(root)) {
            top.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        for (String folder : List.of("docs", "datasets")) {
            pages.addAll(files(root.resolve(folder), ".md"));
        }
        pages.addAll(files(root.resolve("notebooks"), ".ipynb"));
        return pages;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.walk(folder) : Stream.empty()) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains(".ipynb_checkpoints"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> deadLinks(List<Path> pages) throws IOException {
        Map<Path, Set<String>> anchors = new HashMap<>();
        List<String> dead = new ArrayList<>();
        for (Path page : pages) {
            Matcher links = LINK.matcher(withoutCode(markdown(page)));
            while (links.find()) {
                String link = links.group(1) != null ? links.group(1) : links.group(2);
                if (!link.matches("[a-z]+:.*") && !isAlive(page, link, anchors)) {
                    dead.add(page.getFileName() + ": " + link);
                }
            }
        }
        return dead;
    }

    private static boolean isAlive(Path page, String link, Map<Path, Set<String>> anchors) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page
                : page.resolveSibling(parts[0].replace("%20", " ")).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        if (parts.length == 1 || !target.toString().matches(".*\\.(md|ipynb)")) {
            return true;
        }
        if (!anchors.containsKey(target)) {
            anchors.put(target, anchors(target));
        }
        return anchors.get(target).contains(parts[1]);
    }

    /** The headings of a page as GitHub and MkDocs name them, and of a notebook as JupyterLab does; ids in HTML. */
    private static Set<String> anchors(Path page) throws IOException {
        String text = markdown(page);
        Set<String> anchors = new TreeSet<>();
        Matcher ids = ANCHOR.matcher(text);
        while (ids.find()) {
            anchors.add(ids.group(1));
        }
        Matcher headings = HEADING.matcher(FENCE.matcher(text).replaceAll(""));
        while (headings.find()) {
            String plain = headings.group(1).replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
            anchors.add(plain.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
            if (page.toString().endsWith(".ipynb")) {
                anchors.add(plain.replace(' ', '-'));
            }
        }
        return anchors;
    }

    /** The text of a page, or the Markdown of a notebook. */
    private static String markdown(Path page) throws IOException {
        String text = Files.readString(page);
        if (!page.toString().endsWith(".ipynb")) {
            return text;
        }
        return StreamSupport.stream(
                        JsonParser.parseString(text)
                                .getAsJsonObject()
                                .getAsJsonArray("cells")
                                .spliterator(),
                        false)
                .map(JsonElement::getAsJsonObject)
                .filter(cell -> cell.get("cell_type").getAsString().equals("markdown"))
                .map(cell -> source(cell.get("source")))
                .collect(Collectors.joining("\n\n"));
    }

    private static String source(JsonElement source) {
        return source.isJsonArray()
                ? StreamSupport.stream(source.getAsJsonArray().spliterator(), false)
                        .map(JsonElement::getAsString)
                        .collect(Collectors.joining())
                : source.getAsString();
    }

    private static String withoutCode(String text) {
        return CODE.matcher(text).replaceAll("");
    }

    private static Set<String> variables(List<Path> files) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            try {
                VARIABLE.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group()));
            } catch (MalformedInputException e) {
                // No text, such as what Python has compiled.
            }
        }
        return found;
    }

    private static Set<String> undocumented(Set<String> variables, String page) {
        return variables.stream()
                .filter(name -> !page.contains("`" + name + "`"))
                .collect(Collectors.toSet());
    }

    private static List<String> otherAddresses(List<Path> pages, String address) throws IOException {
        List<String> others = new ArrayList<>();
        for (Path page : pages) {
            REPOSITORY
                    .matcher(markdown(page))
                    .results()
                    .map(match -> match.group())
                    .filter(found -> !found.equals(address))
                    .forEach(found -> others.add(page.getFileName() + ": " + found));
        }
        return others;
    }

    /** The targets of badges that lead to another repository, or away from the docs while there is no address. */
    private static List<String> badgesAstray(String readme, String address) {
        String repository = "/" + address.replace("https://github.com/", "") + "/";
        boolean known = !address.contains("OWNER");
        List<String> badges =
                BADGE.matcher(readme).results().map(match -> match.group(1)).toList();
        assertTrue(!badges.isEmpty(), "badges were found");
        return badges.stream()
                .filter(target -> known ? !target.contains(repository) : !target.startsWith("docs/"))
                .toList();
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertTrue(matcher.find(), pattern.pattern());
        return matcher.group(1);
    }
}
