import {
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { bySeverity } from '../shared/useConsumerFilter';

/** More consumers than this are drawn as their teams. */
export const MAX_NODES = 60;
/** Teams beyond this many share one node. */
const MAX_TEAMS = 24;

export type GraphNode =
  | { id: string; kind: 'dataset'; entityRef: string }
  | { id: string; kind: 'consumer'; item: ConsumerVerdict }
  | {
      id: string;
      kind: 'team';
      /** Absent for consumers without an owner and for what is left over. */
      owner?: string;
      label: string;
      counts: Record<Verdict, number>;
    };

export interface ConsumerGraphData {
  nodes: GraphNode[];
  edges: Array<{ from: string; to: string }>;
  /** Whether teams stand for consumers. */
  grouped: boolean;
}

/** A graph that stays readable: every consumer while they are few, otherwise their teams. */
export function consumerGraph(
  datasetRef: string,
  consumers: ConsumerVerdict[],
): ConsumerGraphData {
  const grouped = consumers.length > MAX_NODES;
  const around: GraphNode[] = grouped
    ? teamNodes(consumers)
    : [...consumers].sort(bySeverity).map(item => ({
        id: item.consumer.entityRef,
        kind: 'consumer',
        item,
      }));
  return {
    nodes: [
      { id: datasetRef, kind: 'dataset', entityRef: datasetRef },
      // A dataset that is derived from itself must not be two nodes with one id.
      ...around.filter(node => node.id !== datasetRef),
    ],
    edges: around
      .filter(node => node.id !== datasetRef)
      .map(node => ({ from: datasetRef, to: node.id })),
    grouped,
  };
}

type TeamNode = Extract<GraphNode, { kind: 'team' }>;

function teamNodes(consumers: ConsumerVerdict[]): TeamNode[] {
  const teams = new Map<string, TeamNode>();
  for (const { consumer, verdict } of consumers) {
    const { owner } = consumer;
    const id = `team ${owner ?? ''}`;
    const team = teams.get(id) ?? {
      id,
      kind: 'team',
      owner,
      label: owner ?? 'without owner',
      counts: { ready: 0, breaks: 0, unknown: 0 },
    };
    team.counts[verdict] += 1;
    teams.set(id, team);
  }
  const sorted = [...teams.values()].sort(
    (a, b) =>
      b.counts.breaks - a.counts.breaks ||
      b.counts.unknown - a.counts.unknown ||
      b.counts.ready - a.counts.ready ||
      a.label.localeCompare(b.label),
  );
  if (sorted.length <= MAX_TEAMS) {
    return sorted;
  }
  const shown = sorted.slice(0, MAX_TEAMS - 1);
  const rest = sorted.slice(MAX_TEAMS - 1);
  return [
    ...shown,
    {
      id: 'rest',
      kind: 'team',
      label: `${rest.length} other teams`,
      counts: {
        ready: sum(rest, 'ready'),
        breaks: sum(rest, 'breaks'),
        unknown: sum(rest, 'unknown'),
      },
    },
  ];
}

function sum(teams: TeamNode[], verdict: Verdict): number {
  return teams.reduce((total, team) => total + team.counts[verdict], 0);
}
