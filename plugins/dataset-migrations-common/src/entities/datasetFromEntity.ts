import { Entity } from '@backstage/catalog-model';
import { JsonValue } from '@backstage/types';
import semver from 'semver';
import { TimeWindow } from '../campaigns/types';
import { validateContract } from '../contracts/parseContract';
import { Contract } from '../contracts/types';
import { DocumentProblem } from '../documents/problems';
import { validateMigrationDocument } from '../plan/parseMigrationDocument';
import { MigrationDocument } from '../plan/types';
import { readMigrationWindows } from './migrationWindows';

/** Documents of one kind that an entity may have. */
const MAX_DOCUMENTS = 200;

/**
 * The contracts and migration documents of a dataset entity. `spec.contracts`
 * and `spec.migrations` hold their texts, as the catalog's `$text` leaves them;
 * `spec.migrationWindows` says when campaigns may migrate it.
 *
 * @returns what could be read, contracts from the lowest version up, and
 *   everything that is wrong, with paths from `spec`
 * @public
 */
export function datasetFromEntity(entity: Entity): {
  contracts: Contract[];
  documents: MigrationDocument[];
  windows: TimeWindow[];
  problems: DocumentProblem[];
} {
  const problems: DocumentProblem[] = [];
  const contracts = readTexts(
    entity.spec?.contracts,
    'spec.contracts',
    problems,
    text => {
      const { contract, problems: wrong } = validateContract(text);
      return { document: contract, problems: wrong };
    },
  );
  const documents = readTexts(
    entity.spec?.migrations,
    'spec.migrations',
    problems,
    validateMigrationDocument,
  );
  const windows = readMigrationWindows(entity.spec?.migrationWindows, problems);
  problems.push(
    ...duplicates(contracts, item => item.version, 'version'),
    ...activeProblems(contracts),
    ...duplicates(
      documents,
      item => `${item.from} to ${item.to}`,
      'from and to',
    ),
    ...unknownVersions(documents, contracts),
  );
  return {
    contracts: contracts
      .map(item => item.document)
      .sort((a, b) => semver.compare(a.version, b.version)),
    documents: documents.map(item => item.document),
    windows,
    problems,
  };
}

/**
 * Whether an entity is a dataset: `kind: Resource, spec.type: dataset`.
 *
 * @public
 */
export function isDatasetEntity(entity: Entity): boolean {
  return (
    entity.kind.toLocaleLowerCase('en-US') === 'resource' &&
    entity.spec?.type === 'dataset'
  );
}

interface Located<T> {
  path: string;
  document: T;
}

function readTexts<T>(
  value: JsonValue | undefined,
  path: string,
  problems: DocumentProblem[],
  read: (text: string) => { document?: T; problems: DocumentProblem[] },
): Array<Located<T>> {
  if (value === undefined) {
    return [];
  }
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length > MAX_DOCUMENTS) {
    problems.push({
      path,
      message: `must have at most ${MAX_DOCUMENTS} entries`,
      value: texts.length,
    });
    return [];
  }
  return texts.flatMap((text, index) => {
    const where = Array.isArray(value) ? `${path}[${index}]` : path;
    if (typeof text !== 'string') {
      problems.push({
        path: where,
        message:
          'must be the text of a document, given as $text with the path of its file',
      });
      return [];
    }
    const { document, problems: wrong } = read(text);
    problems.push(...wrong.map(problem => below(where, problem)));
    return document ? [{ path: where, document }] : [];
  });
}

function below(path: string, problem: DocumentProblem): DocumentProblem {
  return {
    ...problem,
    path: problem.path ? `${path}.${problem.path}` : path,
  };
}

function duplicates<T>(
  items: Array<Located<T>>,
  keyOf: (item: T) => string,
  what: string,
): DocumentProblem[] {
  const first = new Map<string, string>();
  return items.flatMap(({ path, document }) => {
    const key = keyOf(document);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, path);
      return [];
    }
    return [{ path, message: `has the same ${what} as ${other}`, value: key }];
  });
}

function activeProblems(
  contracts: Array<Located<Contract>>,
): DocumentProblem[] {
  const active = contracts.filter(item => item.document.status === 'active');
  if (active.length > 1) {
    return [
      {
        path: 'spec.contracts',
        message: 'only one contract may have the status active',
        value: active.map(item => item.document.version),
      },
    ];
  }
  return [];
}

function unknownVersions(
  documents: Array<Located<MigrationDocument>>,
  contracts: Array<Located<Contract>>,
): DocumentProblem[] {
  const versions = new Set(contracts.map(item => item.document.version));
  return documents.flatMap(({ path, document }) =>
    (['from', 'to'] as const)
      .filter(end => !versions.has(document[end]))
      .map(end => ({
        path: `${path}.${end}`,
        message: 'is the version of no valid contract of this dataset',
        value: document[end],
      })),
  );
}
