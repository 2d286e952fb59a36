/** Charts as values: drawn as an interactive Plotly figure and as a PNG. Calls base and the records of train, memory, data. */
package dev.lorikeet.plot;
