import { NotImplementedError } from '@backstage/errors';
import { DocumentProblem } from '../contracts/parseContract';
import { MigrationDocument } from './types';

/**
 * Reads the YAML text of a migration document.
 *
 * @returns the document, or everything that is wrong with it
 * @public
 */
export function validateMigrationDocument(_text: string): {
  document?: MigrationDocument;
  problems: DocumentProblem[];
} {
  throw new NotImplementedError('validateMigrationDocument');
}

/**
 * Reads the YAML text of a migration document.
 *
 * @throws InputError with path, value and rule of everything that is wrong
 * @public
 */
export function parseMigrationDocument(_text: string): MigrationDocument {
  throw new NotImplementedError('parseMigrationDocument');
}
