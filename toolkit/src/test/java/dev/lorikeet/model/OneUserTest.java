package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.model.io.ModelLock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A model has one user at a time. */
class OneUserTest {

    private static final GenerationConfig TOKENS = GenerationConfig.greedy(20);

    @Test
    void twoThreadsTakeTurns() throws Exception {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            int[] expected = model.generate("see you", TOKENS, piece -> {}).ids();
            List<CompletableFuture<List<int[]>>> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(CompletableFuture.supplyAsync(() -> {
                    List<int[]> texts = new ArrayList<>();
                    for (int k = 0; k < 5; k++) {
                        texts.add(model.generate("see you", TOKENS, piece -> {}).ids());
                    }
                    return texts;
                }));
            }
            for (CompletableFuture<List<int[]>> thread : threads) {
                thread.get().forEach(ids -> assertArrayEquals(expected, ids));
            }
        }
    }

    @Test
    void closingWaitsForTheCallInProgress() throws Exception {
        PretrainedModel model = TinyModels.randomLlama(1);
        int[] expected = model.generate("see you", TOKENS, piece -> {}).ids();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<GenerationResult> text =
                CompletableFuture.supplyAsync(() -> model.generate("see you", TOKENS, piece -> begun.countDown()));
        begun.await();
        model.close();
        assertTrue(text.isDone() || text.get() != null);
        assertArrayEquals(expected, text.get().ids());
        assertFalse(model.isOpen());
        model.close();
    }

    @Test
    void aCallCannotCloseTheModelThatItUses() {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            String message = assertThrows(
                            LorikeetException.class, () -> model.generate("see you", TOKENS, piece -> model.close()))
                    .getMessage();
            assertTrue(message.contains("random tiny cannot be closed by a call that is using it"), message);
            assertTrue(model.isOpen());
        }
    }

    @Test
    void aThreadThatWaitsCanBeStopped() throws Exception {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread second = new Thread(() -> {
                try {
                    model.generate("see you", TOKENS);
                } catch (LorikeetException e) {
                    thrown.set(e);
                }
            });
            try (ModelLock.Use use = model.use("testing")) {
                second.start();
                second.interrupt();
                second.join();
            }
            assertEquals(StoppedException.class, thrown.get().getClass());
            assertTrue(thrown.get().getMessage().startsWith("Generating was stopped while it waited"));
        }
    }

    @Test
    void aUseWithinAnOccupationOfTheSameThreadDoesNotEndIt() throws Exception {
        try (PretrainedModel model = TinyModels.randomLlama(1)) {
            try (ModelLock.Use occupation = model.occupy("training")) {
                model.generate("see you", TOKENS, piece -> {});
                ExecutionException refused = assertThrows(ExecutionException.class, () -> CompletableFuture.supplyAsync(
                                () -> model.generate("see you", TOKENS))
                        .get());
                assertTrue(
                        refused.getMessage().contains("\" is training it, so generating has to wait"),
                        refused.getMessage());
            }
            CompletableFuture.supplyAsync(() -> model.generate("see you", TOKENS))
                    .get();
        }
    }
}
