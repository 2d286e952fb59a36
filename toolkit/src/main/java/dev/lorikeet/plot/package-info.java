/**
 * Charts as values, drawn as interactive Plotly figures and as PNGs. A chart reads the records of train, memory and data, never a
 * running training. A new chart is a method of {@link dev.lorikeet.plot.Plots}; how charts look is decided in one place.
 */
package dev.lorikeet.plot;
