/**
 * What a training minimises. A loss is a function of logits and labels; a lambda in a notebook cell is one.
 */
package dev.lorikeet.train.loss;
