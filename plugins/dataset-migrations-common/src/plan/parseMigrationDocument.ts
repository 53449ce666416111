import { JsonObject } from '@backstage/types';
import semver from 'semver';
import { compileWhenUsed } from '../documents/jsonSchema';
import { DocumentProblem, problemsError } from '../documents/problems';
import { readYaml } from '../documents/readYaml';
import { MigrationDocument, MigrationStep } from './types';

/** More steps than any change of a real dataset needs. */
const MAX_STEPS = 500;

const checkDocument = compileWhenUsed({
  type: 'object',
  required: ['kind', 'from', 'to', 'steps'],
  additionalProperties: false,
  properties: {
    kind: { const: 'DatasetMigration' },
    from: { type: 'string' },
    to: { type: 'string' },
    steps: {
      type: 'array',
      maxItems: MAX_STEPS,
      items: {
        type: 'object',
        required: ['agent'],
        additionalProperties: false,
        properties: {
          object: { type: 'string', minLength: 1, maxLength: 1_000 },
          agent: { type: 'string', minLength: 1, maxLength: 100 },
          payload: { type: 'object' },
        },
      },
    },
  },
});

/**
 * Reads the YAML text of a migration document. Payloads are checked later,
 * against the schema of their agent.
 *
 * @returns the document, or everything that is wrong with it
 * @public
 */
export function validateMigrationDocument(text: string): {
  document?: MigrationDocument;
  problems: DocumentProblem[];
} {
  const yaml = readYaml(text);
  if (yaml.value === undefined) {
    return { problems: yaml.problems };
  }
  const invalid = checkDocument(yaml.value);
  if (invalid.length > 0) {
    return { problems: invalid };
  }
  const raw = yaml.value as JsonObject;
  const problems = [
    ...versionProblems('from', raw.from as string),
    ...versionProblems('to', raw.to as string),
  ];
  if (problems.length > 0) {
    return { problems };
  }
  const steps = raw.steps as Array<
    Pick<MigrationStep, 'object' | 'agent'> & { payload?: JsonObject }
  >;
  return {
    problems,
    document: {
      kind: 'DatasetMigration',
      from: raw.from as string,
      to: raw.to as string,
      steps: steps.map(({ payload = {}, ...step }) => ({ ...step, payload })),
    },
  };
}

function versionProblems(path: string, version: string): DocumentProblem[] {
  return semver.valid(version) === version
    ? []
    : [
        {
          path,
          message: 'must be a semantic version such as 1.2.0',
          value: version,
        },
      ];
}

/**
 * Reads the YAML text of a migration document.
 *
 * @throws InputError with path, value and rule of everything that is wrong
 * @public
 */
export function parseMigrationDocument(text: string): MigrationDocument {
  const { document, problems } = validateMigrationDocument(text);
  if (!document) {
    throw problemsError('Invalid migration document', problems);
  }
  return document;
}
