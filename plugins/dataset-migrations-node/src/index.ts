/**
 * What others extend: engines, agents and notifiers of dataset migrations.
 *
 * @packageDocumentation
 */
export * from './engine/types';
export * from './engine/errors';
export * from './agents/types';
export * from './notifiers/types';
export * from './notifiers/errors';
export * from './extensions/extensionPoints';
export * from './temporary/tempFolders';
