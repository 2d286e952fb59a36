package dev.lorikeet.train;

import java.util.ArrayList;
import java.util.List;

/** What a run has done so far, and what follows from that. */
final class TrainingState {

    private final List<History.Step> steps;
    private final List<History.Evaluation> evaluations;
    private final List<History.EpochEnd> epochs;
    private final int stepsPerEpoch;
    private final double before;
    private final long started = System.nanoTime();
    private long positions;

    /** Goes on from a history that took so many seconds. */
    TrainingState(History history, int stepsPerEpoch, long positions, double before) {
        this.steps = new ArrayList<>(history.steps());
        this.evaluations = new ArrayList<>(history.evaluations());
        this.epochs = new ArrayList<>(history.epochs());
        this.stepsPerEpoch = stepsPerEpoch;
        this.positions = positions;
        this.before = before;
    }

    static TrainingState empty(int stepsPerEpoch) {
        return new TrainingState(new History(List.of(), List.of(), List.of()), stepsPerEpoch, 0, 0);
    }

    History history() {
        return new History(steps, evaluations, epochs);
    }

    /** Updates that were done. */
    int steps() {
        return steps.size();
    }

    /** The number of the last update, from 0. */
    int step() {
        return steps.size() - 1;
    }

    /** Tokens that went through the model, padding included. */
    long positions() {
        return positions;
    }

    long examplesSeen() {
        return steps.isEmpty() ? 0 : last().examplesSeen();
    }

    long tokensSeen() {
        return steps.isEmpty() ? 0 : last().tokensSeen();
    }

    private History.Step last() {
        return steps.get(step());
    }

    double epochsDone() {
        return (double) steps.size() / stepsPerEpoch;
    }

    boolean atEpochEnd() {
        return steps.size() % stepsPerEpoch == 0;
    }

    /** Seconds since the run began, without the time between a stop and its resumption. */
    double elapsed() {
        return before + (System.nanoTime() - started) / 1e9;
    }

    /** @param seconds that the update took */
    <B> void add(Step.Result result, List<B> micro, Objective<B> objective, double rate, double seconds) {
        positions += micro.stream().mapToLong(objective::positions).sum();
        steps.add(new History.Step(
                steps.size(),
                (steps.size() + 1.0) / stepsPerEpoch,
                examplesSeen() + micro.stream().mapToInt(objective::examples).sum(),
                tokensSeen() + micro.stream().mapToLong(objective::tokens).sum(),
                result.targets(),
                result.loss(),
                result.accuracy(),
                result.gradientNorm(),
                rate,
                seconds,
                elapsed()));
    }

    void add(Score onTrain, Score onValidation) {
        evaluations.add(new History.Evaluation(
                step(),
                epochsDone(),
                examplesSeen(),
                onTrain.loss(),
                onValidation.loss(),
                onTrain.accuracy(),
                onValidation.accuracy()));
    }

    /** Whether the losses after the last update were measured, before a stop perhaps. */
    boolean isEvaluated() {
        return !evaluations.isEmpty() && evaluations.get(evaluations.size() - 1).step() == step();
    }

    void addEpochEnd(double onTrain, double onValidation) {
        epochs.add(new History.EpochEnd(epochsDone(), step(), examplesSeen(), onTrain, onValidation));
    }

    /** Whether the accuracies after the last update were measured. */
    boolean isEpochEndMeasured() {
        return !epochs.isEmpty() && epochs.get(epochs.size() - 1).step() == step();
    }

    /** Evaluations since the one with the lowest validation loss; one that is not a number is no better one. */
    int evaluationsSinceBest() {
        double best = Double.POSITIVE_INFINITY;
        int since = 0;
        for (History.Evaluation evaluation : evaluations) {
            since = evaluation.validationLoss() < best ? 0 : since + 1;
            best = since == 0 ? evaluation.validationLoss() : best;
        }
        return since;
    }

    /** The mean loss of the last so many updates, each counted once, as transformers logs it. */
    double meanLoss(int count) {
        return steps.subList(steps.size() - count, steps.size()).stream()
                .mapToDouble(History.Step::loss)
                .average()
                .orElse(Double.NaN);
    }
}
