import { DocumentProblem } from '../documents/problems';

/** One reading of a document. */
export interface Reading {
  /**
   * Why it is read. To be compared, a contract may leave out what an engine would
   * have to know: types, names that a store takes, objects at all.
   */
  purpose: 'migration' | 'comparison';
  /** Receives what is wrong. */
  problems: DocumentProblem[];
}
