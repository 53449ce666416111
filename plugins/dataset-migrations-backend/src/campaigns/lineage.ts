/** The order among the datasets of a campaign. */
export interface Lineage {
  /** Longest way from a dataset without upstreams. Absent for members of cycles. */
  levels: Map<string, number>;
  /** Of each dataset those nearest above it that are on no cycle. */
  upstreams: Map<string, string[]>;
  /** Each as the refs along it. */
  cycles: string[][];
}

/**
 * Orders datasets by what they depend on, also through datasets that are not
 * among them. Datasets on a cycle have no order; they are set apart, and the
 * rest is ordered as if they were not among them.
 *
 * @param members - refs of the datasets of the campaign
 * @param dependsOn - what each entity depends on, of members and others
 */
export function orderByLineage(
  members: readonly string[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): Lineage {
  const cycles = findCycles(directUpstreams(members, dependsOn));
  const onCycle = new Set(cycles.flat());
  // What a cycle depends on goes before what depends on the cycle all the same.
  const upstreams = directUpstreams(
    members.filter(ref => !onCycle.has(ref)),
    dependsOn,
  );
  const levels = new Map<string, number>();
  for (const ref of sortByDependency(upstreams).sorted) {
    const above = upstreams.get(ref)!.map(up => levels.get(up)!);
    levels.set(ref, Math.max(-1, ...above) + 1);
  }
  return { levels, upstreams, cycles };
}

/** The nearest members above each member. */
function directUpstreams(
  members: readonly string[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): Map<string, string[]> {
  const isMember = new Set(members);
  return new Map(
    members.map(ref => {
      const found = new Set<string>();
      const seen = new Set<string>();
      const ahead = [...(dependsOn.get(ref) ?? [])];
      while (ahead.length > 0) {
        const next = ahead.pop()!;
        if (isMember.has(next)) {
          found.add(next);
        } else if (!seen.has(next)) {
          seen.add(next);
          ahead.push(...(dependsOn.get(next) ?? []));
        }
      }
      return [ref, [...found].sort()];
    }),
  );
}

/**
 * Kahn's algorithm.
 *
 * @returns each after those it depends on; `left` are those on a cycle, or
 *   below one
 */
function sortByDependency(upstreams: ReadonlyMap<string, readonly string[]>): {
  sorted: string[];
  left: string[];
} {
  const open = new Map([...upstreams].map(([ref, up]) => [ref, up.length]));
  const downstreams = invert(upstreams);
  const sorted = [...open.keys()].filter(ref => open.get(ref) === 0);
  for (const ref of sorted) {
    for (const down of downstreams.get(ref) ?? []) {
      const count = open.get(down)! - 1;
      open.set(down, count);
      if (count === 0) {
        sorted.push(down);
      }
    }
  }
  return { sorted, left: [...open.keys()].filter(ref => open.get(ref)! > 0) };
}

/** One cycle through every dataset that is on any. */
function findCycles(upstreams: ReadonlyMap<string, string[]>): string[][] {
  // What is neither below nor above a cycle goes first.
  let left = new Set(sortByDependency(upstreams).left);
  const within = restrict(upstreams, left);
  left = new Set(sortByDependency(invert(within)).left);
  const core = restrict(within, left);

  const cycles: string[][] = [];
  const named = new Set<string>();
  for (const ref of [...core.keys()].sort()) {
    if (!named.has(ref)) {
      const cycle = shortestCycle(ref, core);
      cycle?.forEach(member => named.add(member));
      if (cycle) {
        cycles.push(cycle);
      }
    }
  }
  return cycles;
}

/** Breadth first; undefined where the dataset only lies between two cycles. */
function shortestCycle(
  start: string,
  upstreams: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const ahead = [start];
  for (const ref of ahead) {
    for (const up of upstreams.get(ref) ?? []) {
      if (up === start) {
        const cycle = [ref];
        while (cycle[0] !== start) {
          cycle.unshift(cameFrom.get(cycle[0])!);
        }
        return cycle;
      }
      if (!cameFrom.has(up)) {
        cameFrom.set(up, ref);
        ahead.push(up);
      }
    }
  }
  return undefined;
}

function invert(
  edges: ReadonlyMap<string, readonly string[]>,
): Map<string, string[]> {
  const inverse = new Map<string, string[]>(
    [...edges.keys()].map(r => [r, []]),
  );
  for (const [ref, others] of edges) {
    for (const other of others) {
      inverse.get(other)?.push(ref);
    }
  }
  return inverse;
}

function restrict(
  edges: ReadonlyMap<string, readonly string[]>,
  to: ReadonlySet<string>,
): Map<string, string[]> {
  return new Map(
    [...edges]
      .filter(([ref]) => to.has(ref))
      .map(([ref, others]) => [ref, others.filter(other => to.has(other))]),
  );
}
