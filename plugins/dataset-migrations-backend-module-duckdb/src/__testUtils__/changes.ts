import path from 'path';
import {
  Contract,
  Field,
  MigrationStep,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { ResolvedDataset, resolveDataset } from '../publishing/resolveDataset';
import {
  World,
  contract,
  copyAll,
  locateOrFail,
  makeRun,
  mappingOf,
} from './world';

/** A dataset at two versions, below the root of a world. */
export interface Change {
  format: string;
  from: Field[];
  to: Field[];
  steps: MigrationStep[];
  properties?: Record<string, string>;
  /** Of the dataset; `data` when absent. */
  path?: string;
  rest?: Partial<EngineRun>;
}

/** A migration of a world's dataset, not begun. */
export async function runOf(world: World, change: Change): Promise<EngineRun> {
  const properties = { format: change.format, ...change.properties };
  const make = (version: string, fields: Field[]): Contract =>
    contract(version, fields, change.path ?? 'data', properties);
  const from = make('1.0.0', change.from);
  const to = make('2.0.0', change.to);
  const location = await locateOrFail(world.engine, from);
  const mapping = mappingOf(from, to, change.steps);
  return makeRun(location, from, to, mapping, change.rest);
}

/** What the engine says of it beforehand. */
export function planOf({ engine }: World, run: EngineRun) {
  return engine.plan({
    location: run.location,
    mapping: run.mapping,
    policy: run.policy,
    sourceContract: run.sourceContract,
    targetContract: run.targetContract,
  });
}

/** The new version, after everything passed. */
export async function migrate(
  world: World,
  change: Change,
): Promise<ResolvedDataset> {
  const run = await runOf(world, change);
  await expect(planOf(world, run)).resolves.toMatchObject({ refusals: [] });
  await copyAll(world.engine, run);
  await expect(world.engine.verify(run)).resolves.toMatchObject({
    ok: true,
    mismatches: [],
  });
  await world.engine.cutOver(run);
  return resolveDataset(path.join(world.root, change.path ?? 'data'));
}

export const rename = (from: string, to: string): MigrationStep => ({
  agent: 'rename-field',
  payload: { from, to },
});

export const cast = (name: string): MigrationStep => ({
  agent: 'cast-type',
  payload: { field: name, onFailure: 'refuse' },
});

export const derive = (name: string, expression: string): MigrationStep => ({
  agent: 'derive-field',
  payload: { field: name, expression },
});

export const drop = (name: string): MigrationStep => ({
  agent: 'drop-field',
  payload: { field: name },
});
