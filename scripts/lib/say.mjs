/**
 * An error that the person at the terminal can act on. It is printed as its one
 * sentence, without a stack.
 */
export class Explained extends Error {
  /** @param {string} sentence @param {{cause?: unknown}} [options] */
  constructor(sentence, options) {
    super(sentence, options);
    this.name = 'Explained';
  }
}

/** Says what is being done, while it is done. @param {string} message */
export function say(message) {
  process.stdout.write(`skein: ${message}\n`);
}

/** The message of whatever was thrown. @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Prints why a command failed: one sentence where it is understood, else the
 * stack. @param {unknown} error
 */
export function complain(error) {
  if (error instanceof Explained) {
    process.stderr.write(`skein: ${error.message}\n`);
  } else {
    process.stderr.write(`${error?.stack ?? error}\n`);
  }
}
