package dev.lorikeet.base;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * The state of a task that a bar or a console line shows.
 *
 * @param done units done, of {@code total}
 * @param unit what is counted, such as "steps", or {@link Progress#BYTES}; may be empty
 * @param detail a short text of the task; may be empty
 * @param seconds time since the start
 */
public record TaskState(String title, long done, long total, String unit, String detail, double seconds, Phase phase) {

    /** The phase of a task. */
    public enum Phase {
        RUNNING,
        FINISHED,
        STOPPED
    }

    /** The start of a task. */
    public static TaskState start(String title, long total) {
        return new TaskState(title, 0, total, "", "", 0, Phase.RUNNING);
    }

    public TaskState in(String unit) {
        return new TaskState(title, done, total, unit, detail, seconds, phase);
    }

    public TaskState done(long done, String detail) {
        return new TaskState(title, done, total, unit, detail, seconds, phase);
    }

    public TaskState at(double seconds, Phase phase) {
        return new TaskState(title, done, total, unit, detail, seconds, phase);
    }

    /** Tells whether two states differ in time only. */
    public boolean sameAs(TaskState other) {
        return done == other.done && detail.equals(other.detail) && phase == other.phase;
    }

    /** The share that is done, 0 to 1. */
    public double part() {
        if (phase == Phase.FINISHED) {
            return 1;
        }
        return total <= 0 ? 0 : Math.max(0, Math.min(1.0, (double) done / total));
    }

    /** Words the state without its title and detail, such as "12 of 30 steps · 40 % · 4.2 s · 6.3 s left". */
    public String numbers() {
        StringJoiner parts = new StringJoiner(" · ");
        boolean early = phase == Phase.FINISHED && done < total;
        String count = amount(done) + (early ? " of at most " : " of ") + amount(total);
        if (!unit.isEmpty() && !unit.equals(Progress.BYTES)) {
            count += " " + unit;
        }
        parts.add(phase == Phase.STOPPED ? "stopped at " + count : count);
        if (phase == Phase.RUNNING && total > 0) {
            parts.add(String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * part())));
        }
        parts.add((phase == Phase.FINISHED ? "in " : "") + Quantities.time(seconds));
        if (phase == Phase.RUNNING && done > 0 && seconds >= 1 && part() < 1) {
            parts.add(Quantities.time(seconds / part() * (1 - part())) + " left");
        }
        return parts.toString();
    }

    private String amount(long value) {
        return unit.equals(Progress.BYTES) ? Quantities.bytes(value) : Quantities.count(value);
    }
}
