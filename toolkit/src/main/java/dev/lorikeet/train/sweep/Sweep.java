package dev.lorikeet.train.sweep;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraBuilder;
import dev.lorikeet.lora.LoraConfig;
import dev.lorikeet.lora.LoraScaling;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Adapter;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Trains a model with every combination of some settings, each time with a new adapter, and compares the losses. Immutable: each setter
 * returns a changed copy.
 *
 * <pre>{@code
 * var result = Sweep.of(FineTune.of(model).on(splits).epochs(1))
 *         .ranks(4, 8, 16)
 *         .learningRates(1e-4, 5e-4)
 *         .run();
 * Plots.sweep(result)
 * result.best().trial().lora().inject(model);
 * }</pre>
 */
public final class Sweep implements Renderable {

    private final FineTune<?> tuning;
    private final LoraBuilder start;
    private final Grid grid;
    private final TrialRunner runner;

    /** What is varied; an empty list leaves a setting as it is. */
    private record Grid(List<Targets> targets, List<Integer> ranks, List<Double> alphas, List<Double> learningRates) {}

    private Sweep(FineTune<?> tuning, LoraBuilder start, Grid grid, TrialRunner runner) {
        this.tuning = tuning;
        this.start = start;
        this.grid = grid;
        this.runner = runner;
    }

    /**
     * Starts with adapters of rank 8 and alpha 16 on every linear layer.
     *
     * @param tuning the training that is repeated, of a model without an adapter; its checkpoints and listeners are left out
     */
    public static Sweep of(FineTune<?> tuning) {
        return new Sweep(
                BadArgumentException.required(tuning, "tuning"),
                Lora.rank(8).alpha(16),
                new Grid(List.of(), List.of(), List.of(), List.of()),
                TrialRunner::here);
    }

    /** Sets the adapter that all trials start from, with what of it is not varied. */
    public Sweep lora(LoraBuilder value) {
        return new Sweep(tuning, BadArgumentException.required(value, "lora"), grid, runner);
    }

    /** Sets the adapter that all trials start from as {@link #lora(LoraBuilder)} does. */
    public Sweep lora(LoraConfig value) {
        return lora(BadArgumentException.required(value, "lora").toBuilder());
    }

    /** Tries these ranks; unless {@link #alphas} are given, alpha grows with the rank, so that the scale stays. */
    public Sweep ranks(int... values) {
        List<Integer> ranks = distinct("ranks", IntStream.of(values).boxed().toList());
        ranks.forEach(Lora::rank);
        return with(new Grid(grid.targets, ranks, grid.alphas, grid.learningRates));
    }

    /** Tries these values of alpha with each rank. */
    public Sweep alphas(double... values) {
        List<Double> alphas = distinct("alphas", DoubleStream.of(values).boxed().toList());
        alphas.forEach(start::alpha);
        return with(new Grid(grid.targets, grid.ranks, alphas, grid.learningRates));
    }

    /** Tries these targets, such as {@code Targets.ALL_LINEAR} and {@code Targets.named(List.of("q_proj", "v_proj"))}. */
    public Sweep targets(Targets... values) {
        List<Targets> targets = distinct("targets", Arrays.asList(values));
        return with(new Grid(targets, grid.ranks, grid.alphas, grid.learningRates));
    }

    /** Tries these learning rates. */
    public Sweep learningRates(double... values) {
        List<Double> rates =
                distinct("learningRates", DoubleStream.of(values).boxed().toList());
        rates.forEach(rate -> BadArgumentException.unless(
                rate > 0 && rate <= 1, "learningRates", rate, "above 0 and at most 1, such as 2e-4"));
        return with(new Grid(grid.targets, grid.ranks, grid.alphas, rates));
    }

    private static <T> List<T> distinct(String name, List<T> values) {
        BadArgumentException.unless(!values.isEmpty(), name, "none", "at least one value");
        for (int i = 0; i < values.size(); i++) {
            BadArgumentException.required(values.get(i), name);
            BadArgumentException.unless(values.indexOf(values.get(i)) == i, name, values.get(i), "each value once");
        }
        return List.copyOf(values);
    }

    private Sweep with(Grid changed) {
        return new Sweep(tuning, start, changed, runner);
    }

    /**
     * Runs the trials elsewhere than one after another in this process. The losses are the same.
     *
     * @param value such as {@code SparkCluster.of(spark)} of lorikeet-spark
     */
    public Sweep over(TrialRunner value) {
        return new Sweep(tuning, start, grid, BadArgumentException.required(value, "over"));
    }

    /** The trials, in their order: learning rates vary fastest, then alphas, ranks and targets. */
    public List<Trial> trials() {
        double usual = tuning.settings().optimizer().learningRate();
        List<Trial> trials = new ArrayList<>();
        for (LoraBuilder lora : adapters()) {
            for (double rate : orElse(grid.learningRates, usual)) {
                trials.add(new Trial(trials.size() + 1, lora.build(), rate));
            }
        }
        return trials;
    }

    private List<LoraBuilder> adapters() {
        LoraConfig usual = start.build();
        List<LoraBuilder> adapters = new ArrayList<>();
        for (Targets targets : orElse(grid.targets, usual.targetModules())) {
            for (int rank : orElse(grid.ranks, usual.rank())) {
                LoraBuilder adapter = start.on(targets).scaledToRank(rank);
                if (grid.alphas.isEmpty()) {
                    adapters.add(adapter);
                }
                grid.alphas.forEach(alpha -> adapters.add(
                        usual.scaling() == LoraScaling.NONE ? adapter.plainAlpha(alpha) : adapter.alpha(alpha)));
            }
        }
        return adapters;
    }

    private static <T> List<T> orElse(List<T> values, T usual) {
        return values.isEmpty() ? List.of(usual) : values;
    }

    /**
     * Runs all trials. The model has no adapter afterwards and is frozen. An interrupt ends the sweep within a step without an error: the
     * result has the trials that ended before it.
     *
     * @throws BadArgumentException if the model has an adapter already, or a trial's adapter does not fit it; no trial has begun then
     * @throws dev.lorikeet.base.UnknownNameException if targets match nothing in the model
     */
    public SweepResult run() {
        List<Trial> trials = trials();
        TrainingPlan plan = tuning.plan();
        check(plan.model(), trials);
        try (Collector collector = new Collector(trials.size(), plan.steps())) {
            try {
                runner.run(plan, trials, collector);
            } catch (StoppedException e) {
                // What has ended is kept.
            }
            SweepResult result = new SweepResult(plan.name(), trials.size(), collector.results());
            if (result.interrupted()) {
                System.out.println(result);
            }
            return result;
        }
    }

    private static void check(LanguageModel model, List<Trial> trials) {
        BadArgumentException.unless(
                model.adapters().list().stream().noneMatch(adapter -> adapter.state() == Adapter.State.ACTIVE),
                "model",
                model.adapters(),
                "a model without an active adapter, since each trial puts its own on; remove() takes it off");
        trials.forEach(trial -> trial.lora().inject(model).remove());
    }

    /** Collects the results and shows how far the sweep is. */
    private static final class Collector implements TrialRunner.Listener, AutoCloseable {

        private final List<TrialResult> results = new ArrayList<>();
        private final int steps;
        private final Progress progress;
        private String latest = "";

        Collector(int trials, int steps) {
            this.steps = steps;
            this.progress = Progress.start("Sweep of " + Quantities.counted(trials, "trial"), (long) trials * steps)
                    .in("steps");
        }

        @Override
        public Progress steps() {
            return new Progress() {

                @Override
                public void at(long done, String detail) {
                    progress.at((long) results.size() * steps + done, latest);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void ended(TrialResult result) {
            results.add(result);
            latest = "%s: loss %s".formatted(result.trial(), Quantities.loss(result.loss()));
            progress.at((long) results.size() * steps, latest);
        }

        List<TrialResult> results() {
            return results;
        }

        @Override
        public void close() {
            progress.close();
        }
    }

    private int count() {
        return List.of(grid.targets, grid.ranks, grid.alphas, grid.learningRates).stream()
                .mapToInt(values -> Math.max(1, values.size()))
                .reduce(1, (a, b) -> a * b);
    }

    /** Says in a line what would be tried. */
    @Override
    public String toString() {
        return "Sweep of %s: %s: %s".formatted(tuning.name(), Quantities.counted(count(), "trial"), varied());
    }

    private String varied() {
        List<String> parts = new ArrayList<>();
        add(parts, "targets", grid.targets);
        add(parts, "rank", grid.ranks);
        add(parts, "alpha", grid.alphas.stream().map(Trial::alpha).toList());
        add(
                parts,
                "learning rate",
                grid.learningRates.stream().map(Quantities::learningRate).toList());
        return parts.isEmpty() ? "nothing varies yet; set ranks(…) or learningRates(…)" : String.join("; ", parts);
    }

    private static void add(List<String> parts, String name, List<?> values) {
        if (!values.isEmpty()) {
            parts.add(name + " " + values.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
    }

    /** Shows what would be tried. */
    @Override
    public String html() {
        return HtmlTable.escape(toString());
    }
}
