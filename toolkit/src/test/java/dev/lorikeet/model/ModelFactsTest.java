package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.lora.LoraBuilder;
import dev.lorikeet.tensor.Quantization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a notebook shows of a model and of its adapter. */
class ModelFactsTest {

    @Test
    void aModelSaysWhatItIs() {
        try (PretrainedModel model = TinyModels.randomLlama(3)) {
            String parameters = "parameters 3,290,496, 0 trainable (0.00 %); compute dtype float32; device CPU";
            assertEquals(
                    "random tiny: language model (llama); %s; quantized no; context 64 tokens".formatted(parameters),
                    model.toString());
            assertTrue(model.html().contains("<b>random tiny</b>"), model.html());
            assertTrue(model.html().contains("3,290,496, 0 trainable"), model.html());

            LoraAdapter lora = Lora.rank(2).named("mine").inject(model);
            assertTrue(model.toString().endsWith("context 64 tokens; adapters mine (active)"), model.toString());
            assertTrue(lora.html().contains("LoRA &quot;mine&quot;"), lora.html());
            assertTrue(lora.html().contains("2.0 (scale 1.0)"), lora.html());
            lora.remove();
            model.quantize(Quantization.NF4);
            assertTrue(model.toString().contains("; quantized NF4; "), model.toString());
        }
    }

    @Test
    void aClassifierNamesItsLabelsAndAClosedModelSaysSo() {
        PretrainedModel model = TinyModels.randomLlama(3);
        Classifier classifier = model.classifier(List.of("ham", "spam"));
        LoraAdapter lora = Lora.rank(2).inject(classifier);
        assertTrue(
                classifier.toString().startsWith("random tiny: classifier (llama); labels ham, spam; "),
                classifier.toString());
        assertTrue(model.toString().contains("head given away"), model.toString());
        classifier.close();
        assertEquals("random tiny: classifier (llama); state closed", classifier.toString());
        assertTrue(classifier.html().contains("closed"), classifier.html());
        assertTrue(lora.toString().contains("its model is closed"), lora.toString());
        LoraBuilder builder = Lora.rank(2);
        assertEquals(builder.build().toString(), builder.toString());
    }
}
