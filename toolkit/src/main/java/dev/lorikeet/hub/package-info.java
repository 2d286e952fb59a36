/** Where published models lie on this machine: the Hugging Face cache shared with Python, and Python environments. */
package dev.lorikeet.hub;
