/** What befalls the fleet; `whom` picks among those who live, from 0 to 1. */
export type Blow =
  | { kind: 'worker-killed'; whom: number }
  | { kind: 'worker-paused'; whom: number; seconds: number }
  | { kind: 'backend-killed'; whom: number }
  /** Whoever is just starting migrations of a campaign. */
  | { kind: 'dispatcher-killed' }
  | { kind: 'database-killed' }
  | { kind: 'database-stopped'; seconds: number }
  | { kind: 'connections-cut'; share: number };

export type BlowKind = Blow['kind'];

/** Out of so many database stops, one is long enough for liveness probes to tell. */
const BRIEF_STOPS = 2;

/** Seconds that PostgreSQL is away in a long stop. */
export const LONG_STOP = 18;

/** Longer than the queue, and at times than a lease, waits for a sign of life. */
const PAUSE = { from: 5, to: 45 };

const draws: Record<BlowKind, (random: () => number) => Blow> = {
  'worker-killed': random => ({ kind: 'worker-killed', whom: random() }),
  'worker-paused': random => ({
    kind: 'worker-paused',
    whom: random(),
    seconds: PAUSE.from + random() * (PAUSE.to - PAUSE.from),
  }),
  'backend-killed': random => ({ kind: 'backend-killed', whom: random() }),
  'dispatcher-killed': () => ({ kind: 'dispatcher-killed' }),
  'database-killed': () => ({ kind: 'database-killed' }),
  'database-stopped': random => ({
    kind: 'database-stopped',
    seconds: random() * 5,
  }),
  'connections-cut': random => ({
    kind: 'connections-cut',
    share: 0.2 + random() * 0.8,
  }),
};

export const blowKinds = Object.keys(draws) as BlowKind[];

/** Blows without end: all kinds in some order, then all in another one. */
export function* drawBlows(random: () => number): Generator<Blow> {
  for (let round = 0; ; round += 1) {
    // Workers die most often, as they come and go.
    const deck: BlowKind[] = [...blowKinds, 'worker-killed', 'worker-paused'];
    while (deck.length > 0) {
      const [kind] = deck.splice(Math.floor(random() * deck.length), 1);
      const blow = draws[kind](random);
      yield blow.kind === 'database-stopped' && round % BRIEF_STOPS === 0
        ? { ...blow, seconds: LONG_STOP }
        : blow;
    }
  }
}

export function describeBlow(blow: Blow): string {
  return 'seconds' in blow
    ? `${blow.kind} for ${blow.seconds.toFixed(1)} s`
    : blow.kind;
}
