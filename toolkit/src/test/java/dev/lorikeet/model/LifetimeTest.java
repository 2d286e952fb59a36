package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.io.Lifetime;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who frees a model, and that using it leaves nothing behind. */
class LifetimeTest {

    private static final ModelConfig SMALL = PublishedShapes.gpt2(16, 2, 2);

    /** GPT-2's tokenizer, counting how often it is closed. */
    private static Tokenizer counting(AtomicInteger closed) {
        Tokenizer tokenizer = Tokenizers.gpt2();
        return (Tokenizer) Proxy.newProxyInstance(
                LifetimeTest.class.getClassLoader(), new Class<?>[] {Tokenizer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.incrementAndGet();
                    }
                    try {
                        return method.invoke(tokenizer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void closingTwiceIsClosingOnce() {
        AtomicInteger closed = new AtomicInteger();
        int before = Lifetime.open();
        PretrainedModel model = Models.random("small", SMALL, counting(closed), 1);
        NDManager manager = model.manager();
        assertEquals(before + 1, Lifetime.open());
        assertTrue(model.isOpen());
        model.close();
        model.close();
        assertFalse(model.isOpen());
        assertFalse(manager.isOpen());
        assertEquals(1, closed.get());
        assertEquals(before, Lifetime.open());
    }

    @Test
    void aClosedModelSaysSo() {
        PretrainedModel model = Models.random("small", SMALL, Tokenizers.gpt2(), 1);
        model.close();
        assertMessage("random small is closed", () -> model.generate("a", 1));
        assertMessage("random small is closed", () -> model.generate(new int[] {1}, GenerationConfig.greedy(1)));
        assertMessage("random small is closed", model::summary);
        assertMessage("random small is closed", model::tree);
        assertMessage("random small is closed", model::parameterCount);
        assertMessage("random small is closed", () -> model.freeze(false));
        assertMessage("random small is closed", () -> model.classifier("a", "b"));
        try (NDManager manager = Torch.manager()) {
            assertMessage("random small is closed", () -> model.logits(manager, new int[][] {{1}}));
        }
    }

    @Test
    void aClassifierSharesItsModelsLife() {
        PretrainedModel model = Models.random("small", SMALL, Tokenizers.gpt2(), 1);
        Classifier classifier = model.classifier("ham", "spam");
        assertTrue(classifier.classify("hello").probability() >= 0.5);
        model.close();
        assertFalse(classifier.isOpen());
        assertMessage("closed", () -> classifier.classify("hello"));
    }

    @Test
    void aModelThatGaveItsHeadAwayDoesNotWrite() {
        try (PretrainedModel model = Models.random("small", SMALL, Tokenizers.gpt2(), 1)) {
            model.classifier("ham", "spam");
            assertMessage("gave its head away", () -> model.generate("a", 1));
            assertMessage("gave its head away", () -> model.generate(new int[] {1}, GenerationConfig.greedy(1)));
            assertMessage("gave its head away", () -> model.classifier("a", "b"));
        }
    }

    private static void assertMessage(String part, Executable call) {
        String message = assertThrows(LorikeetException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void aDroppedModelIsFreed() throws InterruptedException {
        AtomicInteger closed = new AtomicInteger();
        NDManager manager = dropped(closed);
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (closed.get() == 0 && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(20);
        }
        assertEquals(1, closed.get());
        assertFalse(manager.isOpen());
    }

    private static NDManager dropped(AtomicInteger closed) {
        PretrainedModel model = Models.random("dropped", SMALL, counting(closed), 1);
        model.generate("a", 1);
        model.classifier("ham", "spam").classify("hello");
        return model.manager();
    }

    @Test
    void loadingAnotherModelLooksForDroppedOnes() throws InterruptedException {
        AtomicInteger closed = new AtomicInteger();
        NDManager manager = dropped(closed);
        try (PretrainedModel second = Models.random("second", SMALL, Tokenizers.gpt2(), 1)) {
            long deadline = System.nanoTime() + 120_000_000_000L;
            while (closed.get() == 0 && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertEquals(1, closed.get());
            assertFalse(manager.isOpen());
            assertTrue(second.isOpen());
        }
    }

    @Test
    void useLeavesNoArraysBehind() {
        try (PretrainedModel model = Models.random("small", SMALL, Tokenizers.gpt2(), 1)) {
            use(model);
            int own = ManagedArrays.count(model.manager());
            int host = ManagedArrays.count(Torch.host());
            for (int i = 0; i < 50; i++) {
                use(model);
            }
            assertEquals(own, ManagedArrays.count(model.manager()));
            assertEquals(host, ManagedArrays.count(Torch.host()));
        }
    }

    private static void use(PretrainedModel model) {
        References.lastLogits(model, new int[] {1, 2, 3});
        model.generate("a", 2);
    }

    @Test
    void classifyingLeavesNoArraysBehind() {
        try (Classifier model =
                Models.random("small", SMALL, Tokenizers.gpt2(), 1).classifier("ham", "spam")) {
            model.classify("hello");
            int before = ManagedArrays.count(model.manager());
            for (String text : Arrays.asList("hello there", "and again", "and a last time")) {
                model.classify(text);
            }
            assertEquals(before, ManagedArrays.count(model.manager()));
        }
    }
}
