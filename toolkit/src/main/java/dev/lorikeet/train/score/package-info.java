/**
 * What an evaluation found: scores, reports, mistakes, calibration.
 */
package dev.lorikeet.train.score;
