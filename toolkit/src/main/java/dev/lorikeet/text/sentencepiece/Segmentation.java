package dev.lorikeet.text.sentencepiece;

/** Segments a text, in which spaces are escaped, into pieces of a vocabulary. */
public interface Segmentation {

    /** Takes the pieces in order. */
    interface PieceConsumer {

        /**
         * @param id the piece, or {@link #NONE} for a character that is no piece
         * @param end where it ends in the text
         */
        void accept(int id, int start, int end);
    }

    int NONE = -1;

    void segment(String text, PieceConsumer pieces);
}
