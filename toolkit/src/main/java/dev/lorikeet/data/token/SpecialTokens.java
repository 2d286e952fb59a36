package dev.lorikeet.data.token;

import dev.lorikeet.text.Tokenizer;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The special tokens of a vocabulary: those with a role, and those that are written as such. */
final class SpecialTokens {

    private static final Pattern FORM =
            Pattern.compile("<\\|.+\\|>|<\uff5c.+\uff5c>|</?s>|<(bos|eos|pad|unk|mask)>|<(start|end)_of_\\w+>");

    private final Tokenizer tokenizer;
    private final Set<Integer> roles;

    SpecialTokens(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        roles = new HashSet<>(tokenizer.eosIds());
        tokenizer.bos().ifPresent(roles::add);
        tokenizer.pad().ifPresent(roles::add);
    }

    boolean contains(int id) {
        return roles.contains(id) || FORM.matcher(tokenizer.token(id)).matches();
    }
}
