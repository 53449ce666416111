import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';

/** What the field returns, a version, and what a template may set in its `ui:options`. */
export const datasetVersionPickerSchema = makeFieldSchema({
  output: z => z.string(),
  uiOptions: z =>
    z.object({
      datasetField: z
        .string()
        .optional()
        .describe(
          'Name of the form field that holds the entity ref of the dataset. Defaults to `dataset`.',
        ),
    }),
});

export type DatasetVersionPickerProps =
  typeof datasetVersionPickerSchema.TProps;
