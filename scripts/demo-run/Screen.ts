/**
 * Prints lines, and on a terminal a last one that is overwritten by what comes
 * next.
 */
export class Screen {
  private isPassing = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  line(text = ''): void {
    this.clear();
    this.stream.write(`${text}\n`);
  }

  /** Text that is of interest only now; not printed into a file or a pipe. */
  passing(text: string): void {
    if (!this.stream.isTTY) return;
    this.clear();
    this.stream.write(text.slice(0, this.stream.columns - 1));
    this.isPassing = true;
  }

  private clear(): void {
    if (this.isPassing) {
      this.stream.write('\r\u001b[2K');
      this.isPassing = false;
    }
  }
}
