package dev.lorikeet.tensor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.tensor.format.WeightFormat;
import dev.lorikeet.tensor.format.WeightFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the script and Java must agree on, and how the script is written. */
class ScriptTest {

    private final Script script = new Script();

    @Test
    void formatsAndScalarTypesHaveTheSameNumbersOnBothSides() {
        Map<String, Integer> expected = new TreeMap<>();
        WeightFormats.all().forEach(format -> expected.put(format.name(), format.id()));
        for (ScalarType type : ScalarType.values()) {
            expected.put(type.name(), type.code());
        }
        Map<String, Integer> found = new TreeMap<>(script.constants());
        found.keySet().retainAll(expected.keySet());
        assertEquals(expected, found);
    }

    @Test
    void theDescriptorsPlacesAreThoseThatTheScriptNames() {
        try (NDManager scope = Torch.manager()) {
            QuantizedArray array = QuantizedArray.of(scope.ones(new Shape(3, 128)), Quantization.NF4, scope);
            double[] descriptor = array.formatParts().head().toDoubleArray();
            Map<String, Integer> at = script.constants();
            assertEquals(WeightFormats.NF4.id(), descriptor[at.get("FORMAT")]);
            assertEquals(3, descriptor[at.get("ROWS")]);
            assertEquals(128, descriptor[at.get("COLUMNS")]);
            assertEquals(array.auxiliary().size(), descriptor[at.get("AUXILIARY")]);
            assertEquals(0, descriptor[at.get("OFFSET")]);
            assertEquals(64, descriptor[at.get("GROUP_SIZE")]);
        }
    }

    @Test
    void idsOfFormatsAreUnique() {
        List<WeightFormat> all = WeightFormats.all();
        assertEquals(all.size(), all.stream().map(WeightFormat::id).distinct().count(), all::toString);
    }

    @Test
    void theScriptBranchesOnTheFormatsThatThereAre() {
        Matcher branches =
                Pattern.compile("(?:format|\\[FORMAT\\]) [!=]= (\\w+)").matcher(script.code());
        Set<String> named = new TreeSet<>();
        branches.results().forEach(branch -> named.add(branch.group(1)));
        Set<String> formats =
                WeightFormats.all().stream().map(WeightFormat::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(formats, named);
    }

    @Test
    void noScalarTypeIsABareNumber() {
        Matcher bare = Pattern.compile(".*(?:dtype=\\d|dtype [!=]= \\d|\\.to\\(\\d+\\)).*")
                .matcher(script.code());
        assertEquals(List.of(), bare.results().map(line -> line.group().strip()).toList());
    }

    @Test
    void everyFunctionHasAComment() {
        List<String> lines = script.code().lines().toList();
        List<String> bare = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith("  def ") && !lines.get(i - 1).startsWith("  # ")) {
                bare.add(lines.get(i).strip());
            }
        }
        assertEquals(List.of(), bare);
    }

    @Test
    void namesOfNumbersAreGoneFromTheArchive() {
        String archived = script.archived();
        for (String name : script.constants().keySet()) {
            assertTrue(!Pattern.compile("\\b" + name + "\\b").matcher(archived).find(), name);
        }
    }

    @Test
    void signaturesAreThoseOfTheScript() {
        Map<String, Signature> signatures = Signature.in(script.code());
        Signature project = signatures.get("project_rows");
        assertEquals("project_rows(x, training, projection)", project.toString());
        assertEquals(ScriptType.TENSORS, project.parameters().get(2).type());
        assertEquals(ScriptType.INT, signatures.get("byte_count").result());
        long functions =
                script.code().lines().filter(line -> line.startsWith("  def ")).count();
        assertEquals(functions, signatures.size());
    }
}
