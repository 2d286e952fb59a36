"""The KerasHub side of the gpt2-lm cases: its GPT-2 with random weights, on TensorFlow or JAX, compiled by XLA.

Trains on the batches that the Java side wrote, again and again until there were enough steps. Dropout is off, as on the
Java side, whose models have none. The adapters are layers beside query and value, as in Keras's walkthrough, with as many
numbers as ours. KerasHub's own enable_lora would train six times as many: a matrix for each head, and the biases.
"""

import argparse
import itertools
import json
import math
import os
import time
from pathlib import Path

import outcome

STEPS = 12
RANK, ALPHA = 4, 32


def arguments():
    args = argparse.ArgumentParser()
    args.add_argument("--batches", type=Path, required=True)
    args.add_argument("--steps", type=int, default=0, help=f"0: {STEPS}")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--backend", choices=("tensorflow", "jax"), default="tensorflow")
    args.add_argument("--policy", default="float32", help="mixed_bfloat16 for half precision")
    return args.parse_args()


def main():
    args = arguments()
    # Neither backend has one setting for all its threads, but both go by the cores they may use.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:args.threads])
    os.environ |= {"KERAS_BACKEND": args.backend, "TF_CPP_MIN_LOG_LEVEL": "2"}
    import keras
    import keras_hub
    import numpy

    class Adapted(keras.layers.Layer):
        """A projection to heads and the two thin matrices beside it."""

        def __init__(self, projection, width, heads):
            super().__init__()
            self.projection = projection
            self.down = keras.layers.Dense(RANK, use_bias=False)
            self.up = keras.layers.EinsumDense("btr,rhd->bthd", (None, heads, width // heads), kernel_initializer="zeros")
            self.down.build((None, None, width))
            self.up.build((None, None, RANK))
            self.built = True

        def call(self, states):
            return self.projection(states) + ALPHA / RANK * self.up(self.down(states))

    def adapt(model):
        backbone = model.backbone
        for layer in backbone.transformer_layers:
            attention = layer._self_attention_layer
            attention._tracker.unlock()
            for name in ("_query_dense", "_value_dense"):
                setattr(attention, name, Adapted(getattr(attention, name), backbone.hidden_dim, backbone.num_heads))
            attention._tracker.lock()
        adapted = [layer for layer in model._flatten_layers() if isinstance(layer, Adapted)]
        learning = {id(matrix) for layer in adapted for matrix in (layer.down, layer.up)}
        for layer in model._flatten_layers():
            if len(list(layer._flatten_layers())) == 1:
                layer.trainable = id(layer) in learning

    class Clock(keras.callbacks.Callback):
        """When each step ended, and the loss until then: Keras gives the mean since the start."""

        def __init__(self):
            super().__init__()
            self.ends, self.means = [], []

        def on_train_begin(self, logs=None):
            self.ends.append(time.perf_counter())

        def on_train_batch_end(self, batch, logs=None):
            self.means.append(float(logs["loss"]))
            self.ends.append(time.perf_counter())

    keras.utils.set_random_seed(args.seed)
    keras.mixed_precision.set_global_policy(args.policy)
    model = keras_hub.models.GPT2CausalLM(keras_hub.models.GPT2Backbone(
        vocabulary_size=50257, num_layers=12, num_heads=12, hidden_dim=768, intermediate_dim=3072,
        max_sequence_length=1024, dropout=0.0))
    adapt(model)
    optimizer = keras.optimizers.AdamW(learning_rate=5e-5, weight_decay=0.01, epsilon=1e-6, global_clipnorm=1.0)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer=optimizer, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  jit_compile=True)

    steps = args.steps or STEPS
    taken = list(itertools.islice(itertools.cycle(json.loads(args.batches.read_text(encoding="utf-8"))), steps))

    ids = numpy.array([row for batch in taken for row in batch["ids"]], dtype="int32")
    # Of every position the token after it; of a row's last there is none.
    labels = numpy.roll(ids, -1, axis=1)
    weights = numpy.ones(ids.shape, dtype="float32")
    weights[:, -1] = 0

    clock = Clock()
    model.fit({"token_ids": ids, "padding_mask": numpy.ones_like(ids)}, labels, sample_weight=weights,
              batch_size=len(taken[0]["ids"]), shuffle=False, verbose=0, callbacks=[clock])
    seconds = [end - began for began, end in itertools.pairwise(clock.ends)]
    losses = [number * mean - (number - 1) * before
              for number, (before, mean) in enumerate(itertools.pairwise([0, *clock.means]), 1)]
    outcome.report(("keras-hub", "keras", args.backend), seconds, losses, clock.ends[-1] - clock.ends[0],
                   sum(math.prod(variable.shape) for variable in model.trainable_variables),
                   tokens=ids.size)


if __name__ == "__main__":
    main()
