package dev.lorikeet.text;

/** How a vocabulary of pieces cuts a text in which spaces are escaped. */
interface Segmentation {

    /** What a part of the text has become. */
    interface Found {

        /**
         * @param id the piece; {@link #NONE}: a character that is none
         * @param end where it ends in the text
         */
        void piece(int id, int start, int end);
    }

    int NONE = -1;

    void cut(String text, Found found);
}
