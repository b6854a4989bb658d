package dev.sallyport.bench;

/** A benchmark could not be run; the message is one line for the user. */
final class BenchFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  BenchFailure(String message) {
    super(message);
  }
}
