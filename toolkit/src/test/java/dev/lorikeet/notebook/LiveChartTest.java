package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.train.history.History;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveChartTest {

    private final RecordingKernel kernel = new RecordingKernel();

    private static History history(int steps) {
        return new History(
                IntStream.range(0, steps)
                        .mapToObj(i -> new History.StepRecord(i, (i + 1) / 10.0, i + 1, 0, 1, 2, 0, 1, 1e-4, 0, 0))
                        .toList(),
                List.of(),
                List.of());
    }

    @Test
    void aRunThatIsSoonOverLeavesNoChart() {
        try (LiveChart chart = new LiveChart(kernel, "short")) {
            chart.at(() -> history(5));
        }
        assertEquals(List.of(), kernel.sent);
    }

    @Test
    void itGrowsInOnePlaceAndEndsWithTheWholeAndAPicture() throws InterruptedException {
        long started = System.nanoTime();
        try (LiveChart chart = new LiveChart(kernel, "spam")) {
            for (int step = 1; kernel.sent.size() < 2; step++) {
                int steps = step;
                chart.at(() -> history(steps));
                Thread.sleep(10);
                assertTrue(step < 10_000, "it does not grow");
            }
            chart.at(() -> history(1000));
            kernel.cell = "cell 2";
        }
        long most = 3 + (System.nanoTime() - started) / 1_000_000_000L - (long) LiveChart.DELAY_SECONDS;
        assertTrue(
                kernel.sent.size() >= 3 && kernel.sent.size() <= most,
                "messages: " + kernel.sent.size() + ", at most " + most);
        assertEquals(
                1, kernel.sent.stream().map(RecordingKernel.Sent::id).distinct().count());
        assertEquals(1, kernel.sent.stream().filter(RecordingKernel.Sent::first).count());
        assertTrue(kernel.sent.stream().allMatch(sent -> sent.cell().equals("cell 1")));
        MimeBundle growing = kernel.sent.get(0).bundle();
        assertTrue(growing.data().get(MimeBundle.HTML).get().toString().startsWith("<svg"));
        assertFalse(growing.data().containsKey(MimeBundle.PLOTLY), "JupyterLab would ignore its updates");
        assertTrue(kernel.last().bundle().data().get(MimeBundle.PLOTLY).get() instanceof Map);
        assertFalse(
                kernel.last().bundle().data().containsKey(MimeBundle.HTML),
                "JupyterLab might show it in place of the figure");
        assertTrue(kernel.last().bundle().data().containsKey(MimeBundle.PNG));
        assertTrue(
                kernel.last().text().startsWith("Chart \"Loss of spam\""),
                kernel.last().text());
        assertTrue(
                kernel.last().text().contains("mean of 4 steps (250 points)"),
                kernel.last().text());
    }
}
