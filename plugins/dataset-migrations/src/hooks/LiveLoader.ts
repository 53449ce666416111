/** Interval between two polls while a value is active and no signal is heard. */
export const POLL_MS = 2_000;
/** How long a signal puts polling off: as long as signals arrive, polls only guard against a lost one. */
const QUIET_MS = 10_000;
/** A burst of signals makes one request per gap. */
export const GAP_MS = 300;
const MAX_BACKOFF_MS = 30_000;

export interface LoadContext<T> {
  signal: AbortSignal;
  /** The value loaded last, for those who load only what came since. */
  previous: T | undefined;
}

export interface LiveLoaderOptions<T> {
  load(context: LoadContext<T>): Promise<T>;
  /** Whether a value may still change by itself. Polling stops when it may not. */
  isActive(value: T): boolean;
  pollMs: number;
  gapMs: number;
  onValue(value: T): void;
  onError(error: Error): void;
}

/**
 * Loads a value and keeps it fresh: at once when nudged by a signal, by polling
 * while it is active, and with growing pauses while requests fail. One request
 * at a time; the answer to an older one never replaces a newer value.
 */
export class LiveLoader<T> {
  private value: T | undefined;
  private inFlight: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private again = false;
  private heardAt = -Infinity;
  private startedAt = -Infinity;
  private failures = 0;

  constructor(private readonly options: LiveLoaderOptions<T>) {}

  /** Loads now, giving up what is under way. */
  refresh(): void {
    this.stop();
    void this.run();
  }

  /** A signal said that something changed. */
  nudge(): void {
    this.heardAt = Date.now();
    if (this.inFlight) {
      this.again = true;
    } else {
      this.schedule(this.startedAt + this.options.gapMs - Date.now());
    }
  }

  /** Takes a value from elsewhere, e.g. the answer to an action. */
  replace(value: T): void {
    this.stop();
    this.accept(value);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.inFlight?.abort();
    this.inFlight = undefined;
    this.again = false;
  }

  private async run(): Promise<void> {
    const request = new AbortController();
    this.inFlight = request;
    this.startedAt = Date.now();
    try {
      const value = await this.options.load({
        signal: request.signal,
        previous: this.value,
      });
      if (!request.signal.aborted) {
        this.inFlight = undefined;
        this.failures = 0;
        this.accept(value);
      }
    } catch (error) {
      if (!request.signal.aborted) {
        this.inFlight = undefined;
        this.failures += 1;
        this.options.onError(
          error instanceof Error ? error : new Error(String(error)),
        );
        this.plan();
      }
    }
  }

  private accept(value: T): void {
    this.value = value;
    this.options.onValue(value);
    this.plan();
  }

  private plan(): void {
    if (this.again) {
      this.again = false;
      this.schedule(this.options.gapMs);
    } else if (this.value !== undefined && this.options.isActive(this.value)) {
      const heard = Date.now() - this.heardAt < QUIET_MS;
      const pause = heard ? QUIET_MS : this.options.pollMs;
      this.schedule(Math.min(pause * 2 ** this.failures, MAX_BACKOFF_MS));
    }
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (document.visibilityState === 'hidden') {
        this.schedule(POLL_MS);
      } else {
        void this.run();
      }
    }, Math.max(0, delayMs));
  }
}
