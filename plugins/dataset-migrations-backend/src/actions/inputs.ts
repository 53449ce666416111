import { Zod } from './types';

// As openapi.yaml has them. What a text must look like is said by who reads it,
// who names the value.
const MAX_REF = 200;
const MAX_VERSION = 64;
const MAX_KEY = 255;

export function datasetRefInput(z: Zod) {
  return z
    .string()
    .max(MAX_REF)
    .describe(
      'Entity ref of the dataset, a Resource of type dataset in the catalog: resource:default/flights',
    );
}

export function versionInput(z: Zod) {
  return z
    .string()
    .max(MAX_VERSION)
    .describe('Semantic version of one of its contracts: 2.0.0');
}

export function policyInput(z: Zod) {
  return z
    .enum(['switch', 'coexist'])
    .describe(
      'switch: the new version takes the place of the old one, and whoever would break blocks it. coexist: it is published beside the old one, which nobody loses',
    );
}

export function idempotencyKeyInput(z: Zod) {
  return z
    .string()
    .min(1)
    .max(MAX_KEY)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .describe(
      'Any text of your own. The same key with the same input starts nothing new but gives what the first call started, so a call whose answer was lost can be repeated; with another input it is refused',
    );
}
