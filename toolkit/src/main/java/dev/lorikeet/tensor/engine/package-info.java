/**
 * The way into the PyTorch engine: its start, the TorchScript archive, calls by name, and what a device can do. What DJL's API
 * forces on a call stays here. Knows neither operations nor formats.
 */
package dev.lorikeet.tensor.engine;
