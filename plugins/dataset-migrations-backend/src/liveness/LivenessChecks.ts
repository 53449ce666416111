/**
 * Says what keeps a part of this process from working, for whoever runs it;
 * undefined when nothing does. Cheap, as probes come every few seconds.
 *
 * @public
 */
export type LivenessCheck = () => string | undefined;

/**
 * What has to be well for this process to be of use. Plugins add their checks;
 * the health service of the backend reads them.
 *
 * @public
 */
export class LivenessChecks {
  private readonly checks = new Set<LivenessCheck>();

  /** @returns takes the check away again */
  add(check: LivenessCheck): () => void {
    this.checks.add(check);
    return () => void this.checks.delete(check);
  }

  /** What is not well; nothing while the process can work. */
  problems(): string[] {
    return [...this.checks]
      .map(check => check())
      .filter(problem => problem !== undefined);
  }
}
