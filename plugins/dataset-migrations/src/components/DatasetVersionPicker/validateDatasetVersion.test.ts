import { createFieldValidation } from '@backstage/plugin-scaffolder-react/alpha';
import { TestApiRegistry } from '@backstage/test-utils';
import { DatasetMigrationsApi } from '@skein/backstage-plugin-dataset-migrations-common';
import { fakeApi, responseError } from '../../__testUtils__/fakeApi';
import { FLIGHTS } from '../../__testUtils__/flights';
import { datasetMigrationsApiRef } from '../../api';
import { validateDatasetVersion } from './validateDatasetVersion';

/** The errors that the field gets. */
async function errorsOf(
  version: string | undefined,
  formData: Record<string, string>,
  api: Partial<DatasetMigrationsApi> = {},
) {
  const field = createFieldValidation();
  await validateDatasetVersion(version!, field, {
    apiHolder: TestApiRegistry.from([datasetMigrationsApiRef, fakeApi(api)]),
    formData,
    schema: {},
    uiSchema: {},
  });
  return field.__errors;
}

describe('validateDatasetVersion', () => {
  it('takes what the dataset offers', async () => {
    expect(await errorsOf('2.0.0', { dataset: FLIGHTS })).toEqual([]);
    expect(await errorsOf('3.0.0', { dataset: 'flights' })).toEqual([]);
  });

  it.each(['1.0.0', '9.9.9', '', "'; DROP TABLE x"])(
    'refuses %p, naming it and what there is',
    async version => {
      expect(await errorsOf(version, { dataset: FLIGHTS })).toEqual([
        `Flights does not offer version ${version}; it offers 2.0.0, 3.0.0`,
      ]);
    },
  );

  it('leaves it to the form whether a version is required', async () => {
    expect(await errorsOf(undefined, {})).toEqual([]);
  });

  it('refuses a version of no dataset', async () => {
    expect(await errorsOf('2.0.0', {})).toEqual(['Choose the dataset first']);
  });

  it('refuses what it cannot check', async () => {
    const errors = await errorsOf(
      '2.0.0',
      { dataset: FLIGHTS },
      {
        getDataset: async () => {
          throw await responseError(403, 'NotAllowedError', 'not yours');
        },
      },
    );
    expect(errors).toEqual([
      `Version 2.0.0 of ${FLIGHTS} could not be checked: not yours`,
    ]);
  });
});
