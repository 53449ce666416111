/** Where a benchmark may keep things, and the server it may use. */
export interface BenchContext {
  /** A folder of its own, removed afterwards. */
  dir: string;
  /** PostgreSQL URL of a superuser; the server is for benchmarks alone. */
  connectionString: string;
  /** How many datasets a campaign has. */
  datasets: number;
  log(message: string): void;
}

/** One figure of `npm run bench`. */
export interface Figure {
  name: string;
  value: number;
  /** `x` for a ratio within this run, else `MB`, `ms`, `s`. */
  unit: 'x' | 'MB' | 'ms' | 's';
  target: number;
  lowerIsBetter: boolean;
}

/** One file of this folder: what it yields, and how. */
export interface Benchmark {
  /** The names of its figures, for `--only`. */
  figures: string[];
  /** Leaves out a figure, and says so, that this machine has no room for. */
  run(context: BenchContext): Promise<Figure[]>;
}
