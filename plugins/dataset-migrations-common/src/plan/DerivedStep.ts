import { MigrationStep } from './types';

/** A step, and what its author must decide before it may run. */
export interface DerivedStep extends MigrationStep {
  question?: string;
}
