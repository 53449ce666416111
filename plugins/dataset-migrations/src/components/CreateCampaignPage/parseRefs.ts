import {
  CompoundEntityRef,
  KubernetesValidatorFunctions,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';

/**
 * Entity refs out of pasted text, one a line or separated by commas; a bare name
 * is a resource in the namespace `default`. Each once.
 *
 * @returns the refs, and what is none
 */
export function parseRefs(text: string): { refs: string[]; wrong: string[] } {
  const refs = new Set<string>();
  const wrong: string[] = [];
  for (const word of text.split(/[\s,;]+/).filter(Boolean)) {
    const ref = parseRef(word);
    if (ref) {
      refs.add(stringifyEntityRef(ref));
    } else {
      wrong.push(word);
    }
  }
  return { refs: [...refs], wrong };
}

/** The catalog's parser takes whatever stands between the separators for a name. */
function parseRef(word: string): CompoundEntityRef | undefined {
  try {
    const ref = parseEntityRef(word, {
      defaultKind: 'resource',
      defaultNamespace: 'default',
    });
    const isValid =
      KubernetesValidatorFunctions.isValidKind(ref.kind) &&
      KubernetesValidatorFunctions.isValidNamespace(
        ref.namespace.toLocaleLowerCase('en-US'),
      ) &&
      KubernetesValidatorFunctions.isValidObjectName(ref.name);
    return isValid ? ref : undefined;
  } catch {
    return undefined;
  }
}
