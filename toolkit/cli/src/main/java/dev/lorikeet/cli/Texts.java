package dev.lorikeet.cli;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;

/** Reads texts from the standard input. */
final class Texts {

    /** What stands for the standard input among arguments. */
    static final String STANDARD_INPUT = "-";

    private Texts() {}

    /** Returns the text itself, or for {@code -} what the standard input holds. */
    static String given(String text) {
        return text.equals(STANDARD_INPUT) ? standardInput() : text;
    }

    static String standardInput() {
        // Through a channel, since reading System.in does not end with an interrupt.
        try (FileInputStream input = new FileInputStream(FileDescriptor.in);
                InputStream interruptible = Channels.newInputStream(input.getChannel())) {
            return new String(interruptible.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (ClosedByInterruptException e) {
            throw new StoppedException("Reading the standard input was stopped");
        } catch (IOException e) {
            throw new LorikeetException("The standard input could not be read: " + e.getMessage(), e);
        }
    }
}
