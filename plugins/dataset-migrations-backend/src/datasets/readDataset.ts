import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { assertError, InputError } from '@backstage/errors';
import {
  Contract,
  contractOf,
  DatasetProblem,
  MigrationDocument,
  objectsOf,
  TimeWindow,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  currentVersionOf,
  datasetFromEntity,
  formatProblem,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  LocateRequest,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { createHash } from 'node:crypto';
import { EngineRegistry } from '../engines/EngineRegistry';
import { whyNotTogether } from '../engines/whyNotTogether';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { dependenciesOf, ownerOf, systemOf, titleOf } from './entityRefs';

/** Part of every content hash: raise it when entities are read, or their changes graded, differently. */
const READING = 3;

/** What the entity of a dataset says, read and resolved. */
export interface DatasetContent {
  entityRef: string;
  title: string;
  description?: string;
  owner?: string;
  system?: string;
  contracts: Contract[];
  documents: MigrationDocument[];
  /** When campaigns may migrate it; at any time when empty. */
  windows: TimeWindow[];
  /** Refs of the entities that it is made from. */
  dependsOn: string[];
  /** In the order of the objects; none when they cannot be resolved. */
  locations: Location[];
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
    entity.spec?.migrationWindows,
    dependenciesOf(entity),
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
  const { contracts, documents, windows, problems } = datasetFromEntity(entity);
  const found: DatasetProblem[] = problems.map(problem => ({
    path: problem.path,
    message: formatProblem({ ...problem, path: '' }),
  }));

  const contract = contractToLocate(contracts);
  let locations: Location[] = [];
  if (contract) {
    try {
      locations = await locateObjects(engines, { entityRef, owner, contract });
    } catch (error) {
      assertError(error);
      const message = withoutSecrets(error.message);
      found.push({ path: 'spec.contracts', message });
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
    windows,
    dependsOn: dependenciesOf(entity),
    locations,
    problems: found,
    hash,
  };
}

/** The contract whose objects say where the data of a dataset is. */
export function contractToLocate(contracts: Contract[]): Contract | undefined {
  const current = currentVersionOf(contracts);
  return contracts.find(c => c.version === current) ?? contracts[0];
}

/**
 * Asks the engines where each object of a contract is.
 *
 * @throws as the engine does; InputError when they are in no place, or not in
 *   places of their own in one store
 */
async function locateObjects(
  engines: EngineRegistry,
  request: LocateRequest,
): Promise<Location[]> {
  const { contract } = request;
  const locations: Location[] = [];
  for (const object of objectsOf(contract)) {
    const location = await engines.locate({
      ...request,
      contract: contractOf(contract, object),
    });
    if (!location) {
      throw new InputError(
        `contract ${contract.version} names no server of an installed engine (${
          engines.ids().join(', ') || 'none is installed'
        })`,
      );
    }
    locations.push(location);
  }
  const [first, ...others] = locations;
  for (const other of others) {
    if (
      other.engine !== first.engine ||
      other.connection !== first.connection
    ) {
      throw new InputError(
        `contract ${contract.version} has objects in several stores, ${first.display} and ${other.display}, which cannot be switched together`,
      );
    }
  }
  const keys = locations.map(({ key }) => key);
  const twice = locations.find(({ key }, index) => keys.indexOf(key) < index);
  if (twice) {
    const apart = whyNotTogether(engines.get(twice.engine));
    throw new InputError(
      [
        `contract ${contract.version} has two objects at ${twice.display}`,
        ...(apart === undefined ? [] : [apart]),
      ].join('. '),
    );
  }
  return locations;
}
