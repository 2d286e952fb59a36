package dev.lorikeet.data.stream;

import dev.lorikeet.base.BadArgumentException;

/** A text with its label. */
public record LabelledText(String label, String text) {

    public LabelledText {
        BadArgumentException.required(label, "label");
        BadArgumentException.required(text, "text");
    }
}
