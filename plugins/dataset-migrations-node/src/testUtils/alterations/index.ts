export * from './types';
export { alterableFields, alterableRows } from './alterableTable';
export { contentAlterations } from './contentAlterations';
export { sameContent } from './sameContent';
