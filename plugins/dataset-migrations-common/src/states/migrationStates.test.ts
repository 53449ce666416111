import { readFileSync } from 'fs';
import { resolve } from 'path';
import { MigrationState } from './types';
import {
  activeMigrationStates,
  canTransition,
  isActive,
  migrationTransitions,
} from './migrationStates';

const states = Object.keys(migrationTransitions) as MigrationState[];

describe('migrationTransitions', () => {
  it('are what docs/concepts/pipeline.md draws', () => {
    const page = readFileSync(
      resolve(__dirname, '../../../../docs/concepts/pipeline.md'),
      'utf8',
    );
    const [, diagram] = page.match(/```mermaid\nstateDiagram-v2\n(.*?)```/s)!;
    const drawn = [...diagram.matchAll(/^ *([a-z_]+) --> ([a-z_]+)/gm)].map(
      ([, from, to]) => `${from} ${to}`.replaceAll('_', '-'),
    );
    expect(drawn.sort()).toEqual(
      states
        .flatMap(from => migrationTransitions[from].map(to => `${from} ${to}`))
        .sort(),
    );
  });

  it('lead from every active state to one that is not', () => {
    const ends = new Set(states.filter(state => !isActive(state)));
    const reaches = (state: MigrationState, seen: MigrationState[]): boolean =>
      ends.has(state) ||
      migrationTransitions[state].some(
        next => !seen.includes(next) && reaches(next, [...seen, next]),
      );
    expect(
      activeMigrationStates.filter(state => !reaches(state, [state])),
    ).toEqual([]);
  });

  it('end with what was undone or given up by a person', () => {
    expect(
      states.filter(from => !states.some(to => canTransition(from, to))),
    ).toEqual(['cancelled', 'rolled-back']);
  });
});
