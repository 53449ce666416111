import {
  Contract,
  Field,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { AgentRunner } from '../../agents/types';
import { Engine, EngineRun } from '../../engine/types';
import { Scenario, shoutingAgents } from './scenario';
import { conformanceOwner, EngineHarness, HarnessDataset } from './types';

/** The contract of one version of a dataset that the harness made. */
export function contractOf(
  dataset: HarnessDataset,
  version: { version: string; fields: Field[] },
): Contract {
  return {
    id: dataset.physicalName,
    version: version.version,
    status: 'active',
    schema: {
      name: dataset.physicalName,
      physicalName: dataset.physicalName,
      fields: version.fields,
    },
    servers: dataset.servers,
  };
}

/** A dataset of the scenario's old version, and runs that migrate it. */
export interface Stage {
  scenario: Scenario;
  dataset: HarnessDataset;
  /** The run of one worker; what differs is given. */
  run(options?: {
    fence?: number;
    policy?: Policy;
    signal?: AbortSignal;
    migrationId?: string;
    agents?: AgentRunner;
    scenario?: Scenario;
  }): Promise<EngineRun>;
}

/** @param options.engine - resolves the location; the harness's by default */
export async function setStage(
  harness: EngineHarness,
  scenario: Scenario,
  options: { name?: string; engine?: Engine } = {},
): Promise<Stage> {
  const name = options.name ?? 'flights';
  const dataset = await harness.createDataset({
    name,
    fields: scenario.from.fields,
    rows: scenario.from.rows,
  });
  const engine = options.engine ?? harness.engine;
  return {
    scenario,
    dataset,
    async run(given = {}) {
      const { from, to, mapping } = given.scenario ?? scenario;
      const sourceContract = contractOf(dataset, from);
      const location = await engine.locate({
        entityRef: `resource:default/${name}`,
        owner: conformanceOwner,
        contract: sourceContract,
      });
      if (!location) {
        throw new Error(`The engine does not know the dataset ${name}`);
      }
      return {
        migrationId: given.migrationId ?? `migration-of-${name}`,
        location,
        fromVersion: from.version,
        toVersion: to.version,
        policy: given.policy ?? 'switch',
        mapping,
        sourceContract,
        targetContract: contractOf(dataset, to),
        fence: given.fence ?? 1,
        signal: given.signal ?? new AbortController().signal,
        logger: harness.logger,
        agents: given.agents ?? shoutingAgents,
      };
    },
  };
}
