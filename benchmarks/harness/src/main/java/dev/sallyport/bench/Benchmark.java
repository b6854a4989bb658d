package dev.sallyport.bench;

/** One of the things that are measured. */
interface Benchmark {

  /** Measures and adds what it found. Says on the terminal how it goes. */
  void run(Bench bench, Results results) throws InterruptedException;
}
