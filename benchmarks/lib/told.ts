import { ChildProcess } from 'node:child_process';
import { on } from 'node:events';

/**
 * Waits for a child's word. The TypeScript loader of the child talks on the
 * same channel, in objects; those are passed over.
 */
export async function told(child: ChildProcess, word: string): Promise<void> {
  const over = new AbortController();
  const ended = () => over.abort(new Error(`the process ended, not '${word}'`));
  child.once('exit', ended);
  try {
    for await (const [said] of on(child, 'message', { signal: over.signal })) {
      if (said === word) return;
    }
  } finally {
    child.off('exit', ended);
  }
}
