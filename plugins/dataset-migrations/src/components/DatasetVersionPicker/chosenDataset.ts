import {
  DEFAULT_NAMESPACE,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';

/**
 * The entity ref of the dataset that is chosen in the form, as the actions read
 * it: `flights` is short for `resource:default/flights`. Text that is no entity
 * ref stays as it is, for the client to refuse.
 *
 * @returns undefined when none is chosen yet
 */
export function chosenDataset(
  formData: Record<string, unknown> | undefined,
  options: { datasetField?: string } | undefined,
): string | undefined {
  const field = options?.datasetField ?? 'dataset';
  const dataset = formData?.[field];
  if (typeof dataset !== 'string' || dataset === '') {
    return undefined;
  }
  try {
    return stringifyEntityRef(
      parseEntityRef(dataset, {
        defaultKind: 'resource',
        defaultNamespace: DEFAULT_NAMESPACE,
      }),
    );
  } catch {
    return dataset;
  }
}
