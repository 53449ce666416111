import { addField } from './addField';
import { castType } from './castType';
import { deriveField } from './deriveField';
import { dropField } from './dropField';
import { mergeFields } from './mergeFields';
import { renameField } from './renameField';
import { splitField } from './splitField';
import { DeclarativeAgent } from './types';

/**
 * The agents that every installation has.
 *
 * @public
 */
export const builtInAgents: readonly DeclarativeAgent<any>[] = [
  renameField,
  castType,
  addField,
  dropField,
  deriveField,
  splitField,
  mergeFields,
];
