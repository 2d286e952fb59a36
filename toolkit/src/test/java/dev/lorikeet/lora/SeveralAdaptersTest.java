package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Adapter.State;
import dev.lorikeet.model.ManagedArrays;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several adapters on one base, by name. */
class SeveralAdaptersTest {

    private PretrainedModel model;
    private float[] base;

    @BeforeEach
    void load() {
        model = TinyModels.load("tiny-llama");
        base = Adapters.logits(model);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private LoraAdapter add(String name, long seed) {
        return Adapters.filled(
                Lora.rank(2).on("q_proj", "up_proj").named(name).seed(seed).inject(model), seed);
    }

    /** A checkpoint has a folder for each adapter, of its name. */
    @ParameterizedTest
    @ValueSource(strings = {"../../evil", "a/b", "..", ".", "a\\b", "a\0b", " "})
    void aNameIsNoPath(String name) {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            String message = assertThrows(
                            BadArgumentException.class,
                            () -> Lora.rank(1).named(name).inject(model))
                    .getMessage();
            assertTrue(message.startsWith("adapter name is \"" + name + "\""), message);
            assertTrue(model.adapters().list().isEmpty());
            Lora.rank(1).named("spam-2.1 (new)").inject(model);
        }
    }

    @Test
    void theyAreSwitchedByName() {
        LoraAdapter poet = add("poet", 1);
        float[] poetry = Adapters.logits(model);
        poet.disable();
        LoraAdapter clerk = add("clerk", 2);
        float[] letters = Adapters.logits(model);
        assertEquals(List.of("poet", "clerk"), model.adapters().names());
        assertEquals("poet: disabled\nclerk: active", model.adapters().toString());

        model.adapters().activate("poet");
        assertArrayEquals(poetry, Adapters.logits(model));
        assertEquals(State.ACTIVE, poet.state());
        assertEquals(State.DISABLED, clerk.state());
        model.adapters().activate("clerk");
        assertArrayEquals(letters, Adapters.logits(model));
        model.adapters().disable();
        assertArrayEquals(base, Adapters.logits(model));
        model.adapters().activate("clerk", "poet");
        float[] both = Adapters.logits(model);
        assertTrue(Adapters.distance(both, poetry) > 0.01 && Adapters.distance(both, letters) > 0.01);
        assertSame(clerk, model.adapters().get("clerk"));
    }

    @Test
    void onlyActiveOnesAreTrained() {
        LoraAdapter poet = add("poet", 1);
        long own = poet.trainableParameters().trainable();
        assertEquals(own, model.parameterCount().trainable());
        poet.disable();
        assertEquals(0, model.parameterCount().trainable());
        add("clerk", 2);
        assertEquals(own, model.parameterCount().trainable());
        model.adapters().activate("poet", "clerk");
        assertEquals(2 * own, model.parameterCount().trainable());
    }

    @Test
    void removingThemBringsTheBaseBackBitForBit() {
        int arrays = ManagedArrays.count(model.manager());
        add("poet", 1);
        model.adapters().disable();
        LoraAdapter saver = Lora.rank(2)
                .on("v_proj")
                .modulesToSave("lm_head")
                .named("saver")
                .inject(model);
        add("clerk", 2);
        model.adapters().remove("clerk");
        assertEquals(State.ACTIVE, saver.state());
        model.adapters().remove("poet");
        model.adapters().remove("saver");
        assertEquals(State.REMOVED, saver.state());
        assertEquals(List.of(), model.adapters().list());
        assertArrayEquals(base, Adapters.logits(model));
        assertEquals(arrays, ManagedArrays.count(model.manager()));
    }

    @Test
    void aNameOfADisabledOneIsTakenAndAFreedOneIsNot(@TempDir Path folder) {
        LoraAdapter poet = add("poet", 1);
        poet.save(folder);
        poet.disable();
        assertThrows(BadArgumentException.class, () -> add("poet", 2));
        assertThrows(BadArgumentException.class, () -> Lora.load(folder, model, "poet"));
        assertThrows(BadArgumentException.class, () -> add(" ", 2));
        poet.remove();
        assertEquals("poet", Lora.load(folder, model, "poet").name());
    }

    @Test
    void anUnknownNameProposesTheNearestAndChangesNothing() {
        add("poet", 1);
        float[] poetry = Adapters.logits(model);
        for (String call : List.of("activate", "remove")) {
            String message = assertThrows(UnknownNameException.class, () -> {
                        if (call.equals("activate")) {
                            model.adapters().activate("poet", "poem");
                        } else {
                            model.adapters().remove("poem");
                        }
                    })
                    .getMessage();
            assertTrue(message.contains("adapter \"poem\". Did you mean \"poet\"?"), message);
        }
        assertThrows(BadArgumentException.class, () -> model.adapters().activate());
        assertArrayEquals(poetry, Adapters.logits(model));
    }

    @Test
    void twoThatReplaceTheSameParameterAreNotActiveTogether(@TempDir Path folder) {
        LoraBuilder builder = Lora.rank(2).on("q_proj").modulesToSave("lm_head");
        LoraAdapter first = builder.named("first").inject(model);
        first.save(folder);
        for (Runnable second : List.<Runnable>of(
                () -> builder.named("second").inject(model), () -> Lora.load(folder, model, "second"))) {
            String message = assertThrows(LorikeetException.class, second::run).getMessage();
            assertTrue(message.contains("\"first\" and \"second\" both bring a lm_head.weight of their own"), message);
            assertEquals(List.of("first"), model.adapters().names());
        }
        first.disable();
        builder.named("second").inject(model);
        assertThrows(LorikeetException.class, first::enable);
        assertEquals(State.DISABLED, first.state());
        assertThrows(LorikeetException.class, () -> model.adapters().activate("first", "second"));
        assertEquals("first: disabled\nsecond: active", model.adapters().toString());
        model.adapters().activate("first");
        assertEquals("first: active\nsecond: disabled", model.adapters().toString());
    }

    @Test
    void aMergedOneStaysWhileOthersAreSwitched() {
        LoraAdapter poet = add("poet", 1);
        float[] poetry = Adapters.logits(model);
        poet.merge();
        add("clerk", 2);
        model.adapters().disable();
        assertArrayEquals(poetry, Adapters.logits(model), 1e-4f);
        assertThrows(LorikeetException.class, () -> model.adapters().activate("poet"));
        assertEquals("poet: merged\nclerk: disabled", model.adapters().toString());
        assertTrue(model.adapters().html().contains("merged"));
    }
}
