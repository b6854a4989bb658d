package dev.sallyport.testkit.lab;

/** The lab could not be built or used; the message says which part, and what was found. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LabException(String message) {
    super(message);
  }

  LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
