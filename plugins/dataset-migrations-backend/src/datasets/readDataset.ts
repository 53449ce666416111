import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { assertError } from '@backstage/errors';
import {
  Contract,
  DatasetProblem,
  MigrationDocument,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  currentVersionOf,
  datasetFromEntity,
  formatProblem,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { createHash } from 'node:crypto';
import { EngineRegistry } from '../engines/EngineRegistry';
import { ownerOf, systemOf, titleOf } from './entityRefs';

/** Part of every content hash: raise it when entities are read differently. */
const READING = 1;

/** What the entity of a dataset says, read and resolved. */
export interface DatasetContent {
  entityRef: string;
  title: string;
  description?: string;
  owner?: string;
  system?: string;
  contracts: Contract[];
  documents: MigrationDocument[];
  location?: Location;
  problems: DatasetProblem[];
  hash: string;
}

/**
 * Digest of everything that {@link readDataset} reads: the same hash, the same
 * content.
 *
 * @param bindings - digest of the operator's configuration, which decides
 *   where a dataset may be
 */
export function hashDataset(entity: Entity, bindings: string): string {
  const parts = [
    READING,
    bindings,
    stringifyEntityRef(entity),
    titleOf(entity),
    entity.metadata.description,
    ownerOf(entity),
    systemOf(entity),
    entity.spec?.contracts,
    entity.spec?.migrations,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Reads contracts and documents and asks the engines where the data is. Never
 * throws for what an entity says: that becomes a problem of the dataset.
 */
export async function readDataset(
  entity: Entity,
  hash: string,
  engines: EngineRegistry,
): Promise<DatasetContent> {
  const entityRef = stringifyEntityRef(entity);
  const owner = ownerOf(entity);
  const { contracts, documents, problems } = datasetFromEntity(entity);
  const found: DatasetProblem[] = problems.map(problem => ({
    path: problem.path,
    message: formatProblem({ ...problem, path: '' }),
  }));

  let location: Location | undefined;
  const current = currentVersionOf(contracts);
  const contract = contracts.find(c => c.version === current) ?? contracts[0];
  if (contract) {
    try {
      location = await engines.locate({ entityRef, owner, contract });
      if (!location) {
        found.push({
          path: 'spec.contracts',
          message: `contract ${
            contract.version
          } names no server of an installed engine (${
            engines.ids().join(', ') || 'none is installed'
          })`,
        });
      }
    } catch (error) {
      assertError(error);
      found.push({ path: 'spec.contracts', message: error.message });
    }
  } else if (found.length === 0) {
    found.push({ path: 'spec.contracts', message: 'there is no contract' });
  }

  return {
    entityRef,
    title: titleOf(entity),
    description: entity.metadata.description,
    owner,
    system: systemOf(entity),
    contracts,
    documents,
    location,
    problems: found,
    hash,
  };
}
