package dev.sallyport.bench;

import java.util.Arrays;

/** Of a few numbers: what a reader wants to know of them. */
final class Statistics {

  private Statistics() {}

  static double median(double[] values) {
    return quantile(values, 0.5);
  }

  /** {@return the value below which a share of the values lies, interpolated} */
  static double quantile(double[] values, double share) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
