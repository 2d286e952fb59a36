package dev.lorikeet.train;

import dev.lorikeet.data.Batch;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.Step;
import java.util.ArrayList;
import java.util.List;

/** The progress of a run: its history so far and what follows from it. */
final class TrainingState {

    private final List<History.StepRecord> steps;
    private final List<History.EvaluationRecord> evaluations;
    private final List<History.EpochRecord> epochs;
    private final int stepsPerEpoch;
    private final double secondsBefore;
    private final long start = System.nanoTime();
    private long positions;

    /** Continues a history that took so many seconds. */
    TrainingState(History history, int stepsPerEpoch, long positions, double secondsBefore) {
        this.steps = new ArrayList<>(history.steps());
        this.evaluations = new ArrayList<>(history.evaluations());
        this.epochs = new ArrayList<>(history.epochs());
        this.stepsPerEpoch = stepsPerEpoch;
        this.positions = positions;
        this.secondsBefore = secondsBefore;
    }

    static TrainingState empty(int stepsPerEpoch) {
        return new TrainingState(new History(List.of(), List.of(), List.of()), stepsPerEpoch, 0, 0);
    }

    History history() {
        return new History(steps, evaluations, epochs);
    }

    /** The number of updates done. */
    int steps() {
        return steps.size();
    }

    /** The index of the last update, from 0. */
    int step() {
        return steps.size() - 1;
    }

    /** Tokens processed so far, padding included. */
    long positions() {
        return positions;
    }

    long examplesSeen() {
        return steps.isEmpty() ? 0 : last().examplesSeen();
    }

    long tokensSeen() {
        return steps.isEmpty() ? 0 : last().tokensSeen();
    }

    private History.StepRecord last() {
        return steps.get(step());
    }

    double epochsDone() {
        return (double) steps.size() / stepsPerEpoch;
    }

    boolean atEpochEnd() {
        return steps.size() % stepsPerEpoch == 0;
    }

    /** Training time in seconds, without the time between a stop and its resumption. */
    double elapsed() {
        return secondsBefore + (System.nanoTime() - start) / 1e9;
    }

    /**
     * Records an update.
     *
     * @param seconds its duration
     */
    History.StepRecord add(Step.StepResult result, List<Batch> microBatches, double learningRate, double seconds) {
        positions += microBatches.stream().mapToLong(Batch::positions).sum();
        History.StepRecord step = new History.StepRecord(
                steps.size(),
                (steps.size() + 1.0) / stepsPerEpoch,
                examplesSeen() + microBatches.stream().mapToInt(Batch::examples).sum(),
                tokensSeen() + microBatches.stream().mapToLong(Batch::tokens).sum(),
                result.targets(),
                result.loss(),
                result.accuracy(),
                result.gradientNorm(),
                learningRate,
                seconds,
                elapsed());
        steps.add(step);
        return step;
    }

    void add(Score train, Score validation) {
        evaluations.add(new History.EvaluationRecord(
                step(),
                epochsDone(),
                examplesSeen(),
                train.loss(),
                validation.loss(),
                train.accuracy(),
                validation.accuracy()));
    }

    /** Whether the losses after the last update are measured already. */
    boolean isEvaluated() {
        return !evaluations.isEmpty() && evaluations.get(evaluations.size() - 1).step() == step();
    }

    void addEpoch(Score train, Score validation) {
        epochs.add(new History.EpochRecord(
                epochsDone(),
                step(),
                examplesSeen(),
                train.loss(),
                validation.loss(),
                train.accuracy(),
                validation.accuracy()));
    }

    /** Whether the accuracies after the last update are measured already. */
    boolean isEpochMeasured() {
        return !epochs.isEmpty() && epochs.get(epochs.size() - 1).step() == step();
    }

    /** The number of evaluations since the one with the lowest validation loss; NaN never counts as lower. */
    int evaluationsSinceBest() {
        double best = Double.POSITIVE_INFINITY;
        int since = 0;
        for (History.EvaluationRecord evaluation : evaluations) {
            since = evaluation.validationLoss() < best ? 0 : since + 1;
            best = since == 0 ? evaluation.validationLoss() : best;
        }
        return since;
    }

    /** The mean loss of the last {@code count} updates, each with the same weight, as transformers logs it. */
    double meanLoss(int count) {
        return steps.subList(steps.size() - count, steps.size()).stream()
                .mapToDouble(History.StepRecord::loss)
                .average()
                .orElse(Double.NaN);
    }
}
