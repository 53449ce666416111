import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Names the folder in which harness and workers leave word for each other. */
export const ambushEnvironment = 'SKEIN_TORTURE_AMBUSH';

/** What befalls the first worker that reaches a point. */
export interface Ambush {
  /** As in checkpointMoments of the backend: `transform:chunk`. */
  point: string;
  signal: 'SIGKILL' | 'SIGSTOP';
  /** Lets this many pass first. */
  skip?: number;
}

/** The harness's side. */
export function layAmbushes(dir: string) {
  const folder = join(dir, `ambush-${randomUUID()}`);
  mkdirSync(folder);
  const { ambush, passer } = filesIn(folder);
  return {
    env: { [ambushEnvironment]: folder },
    set: (what: Ambush) => put(ambush, JSON.stringify(what)),
    /** Takes it away; says whether it was still waiting. */
    clear(): boolean {
      const waiting = existsSync(ambush);
      rmSync(ambush, { force: true });
      return waiting;
    },
    /** Process id of the worker that passed a checkpoint of a migration last. */
    lastPasser(migrationId: string): number | undefined {
      const last = read(passer).split(' ');
      return last[1] === migrationId ? Number(last[0]) : undefined;
    },
  };
}

/**
 * The worker's side, at every checkpoint. Whoever takes the file away first is
 * the one, so an ambush befalls one worker once.
 */
export function passCheckpoint(
  folder: string,
  point: string,
  migrationId: string,
) {
  const { ambush, passer } = filesIn(folder);
  put(passer, `${process.pid} ${migrationId}`);
  if (parse(read(ambush))?.point !== point) return;
  const mine = `${ambush}.${process.pid}`;
  try {
    renameSync(ambush, mine);
  } catch {
    return;
  }
  const taken = parse(read(mine));
  rmSync(mine);
  if (taken?.skip) {
    put(ambush, JSON.stringify({ ...taken, skip: taken.skip - 1 }));
  } else if (taken) {
    process.kill(process.pid, taken.signal);
  }
}

function filesIn(folder: string) {
  return {
    ambush: join(folder, 'ambush.json'),
    passer: join(folder, 'passer'),
  };
}

/** At once, so that nobody reads half of it. */
function put(file: string, text: string) {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function parse(text: string): Ambush | undefined {
  return text ? JSON.parse(text) : undefined;
}
