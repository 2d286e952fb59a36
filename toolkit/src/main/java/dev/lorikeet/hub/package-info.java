/**
 * Published models and data sets, and how they get here: downloads from the Hugging Face hub into the cache shared with
 * Python, single files from the web, and what lies in Python environments.
 */
package dev.lorikeet.hub;
