/** How much memory the process takes. */
package dev.lorikeet.memory;
