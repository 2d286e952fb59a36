package dev.lorikeet.data.token;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.text.TokenStream;
import dev.lorikeet.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row of a preview.
 *
 * @param index number of the row, from 0
 * @param runs its tokens, grouped by what becomes of them
 */
public record ShownRow(int index, List<TokenRun> runs) {

    public static ShownRow of(int index, EncodedText text, Tokenizer tokenizer) {
        TokenStream stream = new TokenStream(tokenizer);
        SpecialTokens special = new SpecialTokens(tokenizer);
        boolean[] targets = text.row().lossMask();
        List<TokenRun> runs = new ArrayList<>();
        int position = 0;
        for (int i = 0; i < text.ids().length; i++) {
            int id = text.ids()[i];
            TokenRun.Fate fate = !text.keeps(i)
                    ? TokenRun.Fate.CUT
                    : targets[position++] ? TokenRun.Fate.LEARNED : TokenRun.Fate.READ;
            if (runs.isEmpty() || runs.get(runs.size() - 1).fate() != fate) {
                runs.add(new TokenRun(fate));
            }
            String piece = stream.next(id);
            runs.get(runs.size() - 1).add(id, i, piece, special.contains(id));
        }
        return new ShownRow(index, runs);
    }

    private int count(TokenRun.Fate fate) {
        return runs.stream()
                .filter(run -> run.fate() == fate)
                .mapToInt(TokenRun::size)
                .sum();
    }

    /** Says how many tokens there are and what becomes of them. */
    public String summary() {
        int learned = count(TokenRun.Fate.LEARNED);
        int cut = count(TokenRun.Fate.CUT);
        int kept = learned + count(TokenRun.Fate.READ);
        String size = cut == 0
                ? Quantities.counted(kept, "token")
                : String.format(Locale.ROOT, "%,d of %,d tokens, %,d cut off", kept, kept + cut, cut);
        return size
                + (learned == 0
                        ? "; left out, as nothing in it is learned"
                        : String.format(
                                Locale.ROOT, "; %,d learned (%s)", learned, TokenTotals.percent(learned, kept)));
    }
}
